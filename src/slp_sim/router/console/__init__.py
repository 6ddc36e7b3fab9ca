"""A person's comfort at a line: terminal, keyboard, help, ping, what is looked at daily."""
