"""What a cell, a row, a person and a pack of the spreadsheets mean: pure functions, no I/O."""
