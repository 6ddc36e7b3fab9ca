"""scrapli's transport ``slpssh2``: libssh2 with real deadlines and host keys checked first.

``transport`` is found by scrapli by its name; ``known_hosts`` reads OpenSSH's file. Nothing else of
the project may be imported here.
"""
