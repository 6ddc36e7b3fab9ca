"""The commands of a router, by what they are about."""
