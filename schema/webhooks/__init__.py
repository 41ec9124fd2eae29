"""Webhooks as the graph shows them."""
