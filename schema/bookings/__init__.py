"""Bookings in the graph: visits that are to come or have been, and the acts that make, move and end them."""

from schema import catalog  # noqa: F401 - the enums of terms are described before any type uses them
from schema.bookings import enums  # noqa: F401 - as are those of bookings
