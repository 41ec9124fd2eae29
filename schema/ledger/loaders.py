"""Loaders of operations, of journal entries and of their lines."""

from domain.ledger import journal
from schema.context import Loader

OPERATION = Loader(journal.operations_by_ids)
ENTRY = Loader(journal.entries_by_ids)
LINES = Loader(journal.lines)
