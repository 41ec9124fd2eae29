"""Packages that move to another home branch in the graph, one by one or because theirs closes."""
