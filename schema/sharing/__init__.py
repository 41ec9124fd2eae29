"""Sharing: with whom packages are shared, and the acts that give and end that right."""
