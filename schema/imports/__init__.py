"""Imports in the graph: small spreadsheets, sent as text by whoever owns the chain."""
