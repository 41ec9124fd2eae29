"""Definitions that the chain has on other terms than the spreadsheets: packages get those of the spreadsheets."""

from collections.abc import Mapping
from dataclasses import replace

from domain.catalog.terms import Terms
from domain.imports import store
from domain.imports.report import DifferingDefinition
from domain.imports.rules.catalogue import Catalogue, DefinitionRow
from domain.imports.rules.terms import terms_of
from domain.imports.store import DefinitionFound


async def differing(chain_id: str, catalogue: Catalogue) -> tuple[DifferingDefinition, ...]:
    """Those of the good definitions that are not what the chain has under their codes, in the order of their rows.

    What the chain has stays as it is, and the rows are good: whoever imports is told, since nobody may expect it.
    """
    found = await store.definitions(chain_id)
    services = {code: code for code in catalogue.services} | await store.services(chain_id)
    return tuple(
        DifferingDefinition(code, row.name, found[code].name, found[code].version)
        for code, row in catalogue.definitions.items()
        if code in found and not _same(row, found[code], services)
    )


def _same(row: DefinitionRow, found: DefinitionFound, services: Mapping[str, str]) -> bool:
    return row.name == found.name and _sold(terms_of(row, services)) == _sold(found.terms)


def _sold(terms: Terms) -> Terms:
    """Without what is written down at the sale only."""
    return replace(terms, items=tuple(replace(item, list_prices_minor=()) for item in terms.items))
