"""Clients of CSSM, SSM On-Prem and the routers' REST interface; the air-gap bundle.

Nothing has moved in yet: tokens, codes and acknowledgements are handed over by a person
(``slp confirm --file``) or by reference. What comes here may import ``slp_core`` and httpx,
and must know neither Nornir nor the fleet.
"""
