"""Sessions handed on from one customer to another: quotes, acts, and what came of them."""
