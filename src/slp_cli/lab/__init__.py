"""Labs as a user handles them: a folder each, a process each, secrets in one file of their own."""
