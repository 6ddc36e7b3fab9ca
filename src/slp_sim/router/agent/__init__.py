"""The licensing agent of a router: what it holds, what it sends, what time and reloads do to it."""
