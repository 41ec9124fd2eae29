"""Hands the journal over to accounting systems as documents that are booked there once, whatever breaks.

A document goes PENDING → SENDING → SENT → VERIFIED. It becomes REJECTED when the other system says no, and UNCERTAIN
when nobody knows whether it was taken; then it is looked for there before anything is sent again. Invariants: each
entry is in one document of a connection for each branch it books; the lines of a document never change, nor do its
bytes once they may have been sent.
"""
