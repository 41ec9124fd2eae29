"""Reports: what the ledgers add up to, in any period and as it was known at any instant, open to the rows behind."""
