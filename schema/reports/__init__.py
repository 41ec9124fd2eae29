"""Reports in the graph: figures with their formulas, each open to the rows behind it."""
