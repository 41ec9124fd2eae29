"""Sold packages: what a customer holds, may still use, and why.

A package is PENDING until its activation policy is met, then ACTIVE while a lot has sessions left that have not
lapsed, IN_GRACE when only grace keeps it alive, EXPIRED when all that is left has lapsed, USED_UP when nothing is
left. The status is a function of the lots and the clock; nothing stores it.
"""
