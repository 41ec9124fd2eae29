"""Expiry: last days that are moved, time that is frozen, sessions that lapse and come back.

Whether a session may be used is a function of the clock alone. What is posted here follows: a lapse counts from its
instant whenever the sweep runs, and a reinstatement is its mirror, dated today.
"""
