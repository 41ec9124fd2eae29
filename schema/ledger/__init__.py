"""Operations and the money journal in the graph."""

from schema.ledger import enums  # noqa: F401 - described before any type uses them
