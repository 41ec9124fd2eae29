"""The catalogue in the graph: services with their prices, package definitions with their versions and terms."""

from schema.catalog import enums  # noqa: F401 - described before any type uses them
