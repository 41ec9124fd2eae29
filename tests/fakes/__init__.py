"""Accounting systems of our own on loopback, which keep what is booked and misbehave when told to."""
