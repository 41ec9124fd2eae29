"""Moving in from spreadsheets: six files are read and judged row by row, then written in restartable batches.

Reading stages every good row in a temporary database on disk, so that memory does not grow with the files.
A row is good or refused with exactly one code; what the files promise (value left, what is unpaid, who is the
same person) is derived from the good rows alone, and must come out of Carnet to the row and to the cent.
"""
