"""What is done to one router: one Nornir task a module, each probe, act, confirm.

``session`` is the only module that knows a client library.
"""
