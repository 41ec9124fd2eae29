"""Money received for packages; the payment state follows from what the journal says is still receivable."""
