"""What several test modules share: routers, labs, fleets, services and desks to test with."""
