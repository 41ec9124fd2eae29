"""Packages in the graph: what customers hold, and the acts that sell, use, correct and add sessions."""
