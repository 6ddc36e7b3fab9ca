"""Labs and the demo: simulated routers from scenarios and captures, a folder and a process each.

The only package beside the command line that knows both the core and the simulator.
"""
