"""What is true without a network: releases, states, parsers, rules, plans, verification.

Nothing here may know Nornir, a client library, the store or the terminal.
"""
