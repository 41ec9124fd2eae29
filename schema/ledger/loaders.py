"""Loaders of operations and of the lines of journal entries."""

from domain.ledger import journal
from schema.context import Loader

OPERATION = Loader(journal.operations_by_ids)
LINES = Loader(journal.lines)
