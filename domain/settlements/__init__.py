"""Settlement: what branches owe each other. A run is DRAFT → APPROVED → PAID, or CANCELLED while it is a draft.

A run covers what was posted until its last day and sealed up to its position, less what earlier runs cover; since
both only grow, every due line is in exactly one run, or put aside from it, and a late one lands in the next.
"""
