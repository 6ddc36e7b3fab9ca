"""What is shown of assessments, plans, findings, runs and reports: lines and tables."""
