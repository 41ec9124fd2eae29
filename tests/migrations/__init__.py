"""Tests of how migrations are applied, with small histories of their own beside them."""
