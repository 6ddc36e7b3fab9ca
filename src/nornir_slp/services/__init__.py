"""What ``slp cssm``, ``slp onprem`` and ``slp bundle`` share: where services are, what travels."""
