"""What can be sold: services with their prices, and package definitions.

A definition has versions: DRAFT (may be replaced) → PUBLISHED (is sold) → RETIRED (is sold no more). At most one
version is published; publishing one retires the one before. Sold packages carry their own copy of the terms.
"""
