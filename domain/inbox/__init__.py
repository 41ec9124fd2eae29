"""What other systems tell Carnet: verified, kept as it came, and processed once.

An event goes RECEIVED → PROCESSED, or REJECTED with the refusal that says why, or IGNORED where it means nothing here.
What a later event may heal is tried again by a schedule before it is rejected, and by a person after that.
"""
