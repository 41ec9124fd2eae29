"""Upgrades: a package is closed for another one, and what was unused or paid of it counts towards the new one.

A downgrade is one too: what the old package was worth beyond the new one is the customer's credit.
"""
