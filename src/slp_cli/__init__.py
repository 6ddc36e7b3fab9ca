"""The ``slp`` command: what people and scripts see of the rest.

Commands read options, call the rooms below and show what came back. No rule, no parsing and no
router is touched here; nothing else imports this package.
"""
