"""The application: reads a fleet, plans, verifies, keeps documents; without terminal or simulator.

Commands of ``slp_cli`` and people's own Python call it; it calls tasks, fleet and core.
"""
