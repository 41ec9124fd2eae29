"""Branches in the graph: where sessions are sold and performed."""
