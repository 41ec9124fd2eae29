"""Packages in the graph: what customers hold, and the acts that sell, use, correct and add sessions."""

from schema.packages import enums  # noqa: F401 - described before any type uses them
