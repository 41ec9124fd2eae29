"""The journal as plain text for accounting programs that read files.

Invariant: each file stands by itself, and every balance it asserts is the balance of the books.
"""
