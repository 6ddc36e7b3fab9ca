"""Clients of CSSM and SSM On-Prem, and the archives that cross an air gap.

``cssm`` and ``onprem`` are the clients, ``web`` is all that they know of HTTP, ``tokens`` answers
``cssm:`` references, ``bundle`` writes and reads archives. May import ``slp_core`` and httpx; must
know neither Nornir, nor the fleet, nor the terminal.
"""
