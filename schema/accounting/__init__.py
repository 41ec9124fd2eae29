"""Periods, estimates and the method of breakage in the graph."""
