"""What a step of a plan is told, and what is true of its kind: one class a kind.

A kind is known by its class being here. What it does to a router is in ``slp_tasks.steps``.
"""
