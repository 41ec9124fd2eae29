"""A history whose second step fails after it has made a table."""
