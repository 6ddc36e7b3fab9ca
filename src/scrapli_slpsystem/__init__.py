"""scrapli's transport ``slpsystem``: OpenSSH in a pseudo-terminal, with a chosen environment.

``transport`` is found by scrapli by its name. Nothing else of the project may be imported here.
"""
