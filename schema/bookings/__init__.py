"""Bookings in the graph: visits that are to come or have been, and the acts that make, move and end them."""

from schema.bookings import enums  # noqa: F401 - described before any type uses them
