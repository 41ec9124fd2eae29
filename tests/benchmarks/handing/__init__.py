"""How fast documents are handed to accounting systems, and how soon a webhook leaves."""
