"""Last days in the graph: extensions, freezes, and extensions of many packages at once."""
