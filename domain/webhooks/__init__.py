"""Webhooks: other systems are told what happened, in order for each package, signed, and until they have taken it.

A delivery goes WAITING → DELIVERED, or FAILED once its schedule is used up; it can be replayed. A webhook is ACTIVE,
PAUSED by a person, or STOPPED because its receiver said that it is gone.
"""
