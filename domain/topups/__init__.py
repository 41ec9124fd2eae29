"""Top-ups: sessions added to a sold package as a lot of their own, with its own price, last day and refund."""
