"""Customers and their households in the graph."""
