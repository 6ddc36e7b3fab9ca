"""Data of the simulated world: platforms, releases."""
