"""Transfers of the home branch: REQUESTED → ACCEPTED, REFUSED, WITHDRAWN, or LAPSED after 14 days.

The liability moves at carrying value, and what is still unpaid with it; use, terms and dates stay as they are.
"""
