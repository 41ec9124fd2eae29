"""No table about customers or their packages is forgotten where customers are exported, erased or merged."""

import importlib
import inspect
import re
from types import ModuleType

import pytest
from tortoise.fields import CharField, JSONField, TextField
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.models import Model

from domain.customers import erasing_store, erasing_told_store, exporting_store, merging_store
from domain.kernel.db.config import MODEL_MODULES

BY_OPERATION = ["inbound_event"]
"""Tables that are about customers by way of an operation."""
NOT_EXPORTED = {
    "extension_failure": "says of a package why a run left it out, and when it ran again it did not",
    "closing_failure": "says of a package why the closing of a branch could not move it yet",
    "revaluation": "an estimate over all packages of a definition, which says nothing about one customer",
}
NOT_MERGED = {
    "operation": "who it was about stays; whoever asks looks for all who were merged",
    "journal_line": "stays; the merge moves the account by an entry of its own",
    "payment": "stays with who paid; whoever asks looks up who that is by now",
    "charge": "stays with who came; whoever asks looks up who that is by now",
}
NOT_ERASED = {
    "package": "its name and terms are the catalogue's",
    "freeze": "its lots are ids",
    "upgrade": "its steps are numbers and the catalogue's words",
    "extension_failure": "the words of a refusal, which names no person",
    "closing_failure": "the words of a refusal, which names no person",
}


def models() -> list[type[Model]]:
    """Every table there is."""
    modules = map(importlib.import_module, MODEL_MODULES)
    found = [(module, value) for module in modules for value in vars(module).values() if inspect.isclass(value)]
    return [value for module, value in found if issubclass(value, Model) and value.__module__ == module.__name__]


def tables(of: str, worded: bool = False) -> list[str]:
    """The tables with a foreign key to one of these, and with words where only those are meant."""
    return sorted(
        str(model._meta.db_table)
        for model in models()
        if any(
            isinstance(field, ForeignKeyFieldInstance) and re.fullmatch(of, str(field.model_name))
            for field in model._meta.fields_map.values()
        )
        and (not worded or any(map(_is_worded, model._meta.fields_map.values())))
    )


def _is_worded(field: object) -> bool:
    return isinstance(field, TextField | JSONField) or (isinstance(field, CharField) and field.max_length > 64)


def named(store: ModuleType, table: str, *before: str) -> bool:
    """Whether a statement of the module does one of these with the table."""
    source = inspect.getsource(store)
    return any(re.search(rf'{verb} "?{table}"?\b', source) for verb in before)


@pytest.mark.parametrize("table", tables("models.(Customer|Package)") + BY_OPERATION)
def test_what_is_kept_about_a_customer_is_exported(table: str) -> None:
    assert named(exporting_store, table, "FROM", "JOIN") != (table in NOT_EXPORTED)


@pytest.mark.parametrize("table", tables("models.Customer"))
def test_what_a_customer_has_goes_over_in_a_merge(table: str) -> None:
    assert named(merging_store, table, "UPDATE") != (table in NOT_MERGED)


@pytest.mark.parametrize("table", tables("models.(Customer|Package)", worded=True) + BY_OPERATION)
def test_words_about_a_customer_are_erased(table: str) -> None:
    stores = (erasing_store, erasing_told_store)
    assert any(named(store, table, "UPDATE", "DELETE FROM") for store in stores) != (table in NOT_ERASED)
