"""Upgrades in the graph."""
