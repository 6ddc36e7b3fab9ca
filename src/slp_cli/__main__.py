"""``python -m slp_cli``: the ``slp`` command."""

from slp_cli.main import main

main()
