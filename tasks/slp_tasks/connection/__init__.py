"""How a router is reached: client libraries, terminal, SCP and the translation of their errors.

Only this package imports scrapli, nornir-scrapli, netmiko, ssh2 or asyncssh.
"""
