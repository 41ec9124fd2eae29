"""The feed in the graph: reading in the sealed order, and who has come how far."""
