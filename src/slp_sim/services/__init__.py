"""The world that simulated routers report to: accounts, CSSM, CSLU, and the network to them.

``account`` holds what is owned and known, ``cssm`` answers routers, ``portal`` is what a person
does in CSSM, ``cslu`` stands between, ``network`` carries requests, ``web`` and ``api`` serve the
portal to browsers and programs.
"""
