"""How many routers are done safely: runs, waves, leases, budgets, durable steps, evidence.

To be read in this order: ``model`` (what a run is), ``store`` (the file), ``create`` and ``waves``
(a run and its order), ``leases`` (who may work on what), ``ledger`` (what is read before an act and
written after), ``phases`` (the seam to the tasks), ``attempt`` and ``outcome`` (one step of one
router), ``workflow`` and ``engine`` (made durable), ``scheduler`` (who may go on now), ``lock``
and ``worker`` (the process that carries runs out), ``steer`` and ``reading`` (what other processes
do), ``api``.

Only ``engine`` knows DBOS, and nothing that merely reads a run imports it. Nothing here knows the
terminal.
"""
