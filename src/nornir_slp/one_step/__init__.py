"""One job on chosen routers: planned, approved and carried out like a whole migration."""
