"""The feed: other systems read the sealed order at their own pace, and say how far they have come.

Whoever reads starts behind any position and misses nothing. What was acknowledged only tells how far somebody has come:
it keeps nothing back, and what is behind it can be read again.
"""
