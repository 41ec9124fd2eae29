"""What the accounts must show, and what accounting systems are handed.

Periods close, breakage is estimated, reports start from totals, and the journal goes out as plain text.
"""
