"""Top-ups in the graph."""
