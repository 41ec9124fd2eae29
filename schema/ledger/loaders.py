"""Loaders of operations, of journal entries, of their lines and the taxes of these."""

from domain.ledger import journal
from domain.packages import tax_store
from schema.context import Loader

OPERATION = Loader(journal.operations_by_ids)
ENTRY = Loader(journal.entries_by_ids)
LINES = Loader(journal.lines)
TAX = Loader(tax_store.taxes)
