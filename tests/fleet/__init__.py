"""Runs over scripted routers: what a fleet does when routers, people and processes misbehave."""
