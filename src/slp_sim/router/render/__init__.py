"""What a router prints, made of what it is."""
