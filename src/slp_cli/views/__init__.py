"""How values look on a terminal: assessments, plans, findings, runs."""
