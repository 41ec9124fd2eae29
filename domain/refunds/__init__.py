"""Refunds: REQUESTED → APPROVED → COMPLETED once all of it is paid out; or REFUSED, or WITHDRAWN, before that.

What comes back follows from the terms of the package, by pure rules, and is quoted with every step before anybody asks
for it; an approval is bound to that quote. Invariants: no payment gives back more than it brought in, what is given
back in parts is what would have been given back at once, and more use never makes a refund larger.
"""
