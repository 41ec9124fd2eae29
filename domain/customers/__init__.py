"""Customers, the households in which they share, and the references other systems know them by."""
