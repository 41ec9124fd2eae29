"""How fast a settlement nets what branches owe each other, and that what was settled before costs nothing."""
