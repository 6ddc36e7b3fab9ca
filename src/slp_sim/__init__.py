"""A simulated network: routers, and the services that they report to.

Built from captures and documents alone: nothing of the rest of the project may be imported here,
so that the simulator can be wrong on its own account.
"""
