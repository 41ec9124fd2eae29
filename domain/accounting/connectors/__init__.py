"""Connectors to accounting systems, a file for each: they know how to say it there, not when or how often."""
