"""A history that makes two tables and then changes the one that the other refers to."""
