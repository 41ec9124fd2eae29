"""Bookings: a visit that was promised, and the sessions held for it until it ends in one way or another.

CONFIRMED → COMPLETED | CANCELLED | LATE_CANCELLED | NO_SHOW | CANCELLED_BY_BUSINESS, and no way back. A hold ends
exactly once: consumed, or returned to its lot. What a booking holds is told by the movements that bear its id; what
became of it, by its changes. Both are append-only.
"""
