"""Settlement in the graph: the rates between branches, and the runs that settle what is due between them."""
