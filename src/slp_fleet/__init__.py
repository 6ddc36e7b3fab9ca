"""How many routers are done safely: runs, waves, leases, budgets, durable steps, evidence.

Only ``engine`` knows DBOS, and nothing that merely reads a run imports it. Nothing here knows the
terminal.
"""
