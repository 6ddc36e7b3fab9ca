"""One module for each command, imported when it is called.

A command is a function decorated with ``slp_cli.options.command``: it takes a ``Ui`` and its own
options, and returns an exit code.
"""
