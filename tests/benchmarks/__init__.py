"""`./run bench`: Carnet beside hand-written endpoints that do the same on the same database, as ratios."""
