"""People in the graph: the staff with their roles, and the API keys of integrations."""

from schema.people import enums  # noqa: F401 - described before any type uses them
