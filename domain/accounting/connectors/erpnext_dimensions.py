"""Which dimensions ERPNext does not have: records that fields of a line name, and fields, as far as it may be read."""

from collections.abc import Collection, Mapping, Sequence

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.erpnext_entries import entry_name
from domain.accounting.connectors.erpnext_site import Site
from domain.accounting.connectors.protocol import Dimension

_COST_CENTER = "Cost Center"
_KINDS = {"cost_center": _COST_CENTER, "project": "Project"}
_STANDARD = frozenset("party_type party bank_account is_advance reference_type reference_name against_account".split())
"""Fields that every line has, and whose records, if any, are of no one kind."""


async def lacking(site: Site, company: str, dimensions: Collection[Dimension]) -> Sequence[Dimension]:
    """Those that are not there, in the order in which they are named."""
    names = {name for name, _ in dimensions}
    own = {} if names <= set(_KINDS) else await _own(site)
    kinds = {**(own or {}), **_KINDS}
    none: Collection[str] = () if own is None else await _no_fields(site, names - set(kinds) - _STANDARD)
    known = {name: await _records(site, kinds[name], company) for name in names & set(kinds)}
    return [
        (name, value)
        for name, value in dimensions
        if name in none or ((its := known.get(name)) is not None and value not in its)
    ]


async def _no_fields(site: Site, names: Collection[str]) -> Collection[str]:
    """Those that no line has a field for: what is said in them is lost there without a word."""
    if not names:
        return ()
    try:
        added = site.listed("Custom Field", ["name", "fieldname"], [["dt", "=", "Journal Entry Account"]])
        return set(names) - {exact.text(row, "fieldname") async for row in added}
    except NotRead:
        return ()


async def _own(site: Site) -> Mapping[str, str] | None:
    """The kinds of records that accounting dimensions of the site's own name, by their fields."""
    try:
        found = site.listed("Accounting Dimension", ["name", "fieldname", "document_type"], [["disabled", "=", 0]])
        return {exact.text(row, "fieldname"): exact.text(row, "document_type") async for row in found}
    except NotRead:
        return None


async def _records(site: Site, kind: str, company: str) -> Collection[str] | None:
    """The records that can be named; None where this user may not read them."""
    usable = [["company", "=", company], ["is_group", "=", 0], ["disabled", "=", 0]] if kind == _COST_CENTER else []
    try:
        return {entry_name(row) async for row in site.listed(kind, ["name"], usable)}
    except NotRead:
        return None
