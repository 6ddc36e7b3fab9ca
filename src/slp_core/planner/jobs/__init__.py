"""What an operator may ask of a router beside a whole plan: one class a job.

A job is known by its class being here. Its steps are added by the functions of full plans.
"""
