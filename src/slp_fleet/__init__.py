"""How many routers are done safely: runs, waves, leases, budgets, durable steps, evidence.

Only ``engine`` knows DBOS. Nothing here knows the terminal.
"""
