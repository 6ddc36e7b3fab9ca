"""What we use of ssh2-python, which brings no types of its own."""
