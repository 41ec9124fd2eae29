"""Reports as tables: what each has for columns, what it may be asked, and its rows, a chunk at a time.

Columns are called as the graph's fields are, in snake case; amounts are in the currency of the column `currency`.
"""
