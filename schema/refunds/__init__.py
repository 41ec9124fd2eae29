"""Sessions given back for money or credit: quotes, acts, and what came of them."""
