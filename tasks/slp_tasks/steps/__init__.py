"""One kind of step a module: look first (probe), act once, see it happen (confirm)."""
