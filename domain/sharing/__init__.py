"""Sharing: who besides the holder may use a package, and how much of it; revoking never touches what was used."""
