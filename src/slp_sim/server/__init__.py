"""A lab on the network: SSH and SCP to its routers, HTTP to its services.

``serve`` runs within an event loop; ``run_lab`` is a whole foreground process with its folder.
"""

from slp_sim.server.run import run_lab
from slp_sim.server.ssh import LabServer, serve

__all__ = ["LabServer", "run_lab", "serve"]
