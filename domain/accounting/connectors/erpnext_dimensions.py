"""Which dimensions ERPNext does not have: fields of a line that name a record, as far as its lists may be read."""

from collections.abc import Collection, Mapping, Sequence

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.erpnext_entries import entry_name
from domain.accounting.connectors.erpnext_site import Site
from domain.accounting.connectors.protocol import Dimension

_COST_CENTER = "Cost Center"
_KINDS = {"cost_center": _COST_CENTER, "project": "Project"}


async def lacking(site: Site, company: str, dimensions: Collection[Dimension]) -> Sequence[Dimension]:
    """Those that are not there, in the order in which they are named."""
    names = {name for name, _ in dimensions}
    kinds = _KINDS if names <= set(_KINDS) else {**await _own(site), **_KINDS}
    known = {name: await _records(site, kinds[name], company) for name in names & set(kinds)}
    return [each for each in dimensions if (its := known.get(each[0])) is not None and each[1] not in its]


async def _own(site: Site) -> Mapping[str, str]:
    """The kinds of records that accounting dimensions of the site's own name, by their fields."""
    try:
        found = site.listed("Accounting Dimension", ["name", "fieldname", "document_type"], [["disabled", "=", 0]])
        return {exact.text(row, "fieldname"): exact.text(row, "document_type") async for row in found}
    except NotRead:
        return {}


async def _records(site: Site, kind: str, company: str) -> Collection[str] | None:
    """The records that can be named; None where this user may not read them."""
    usable = [["company", "=", company], ["is_group", "=", 0], ["disabled", "=", 0]] if kind == _COST_CENTER else []
    try:
        return {entry_name(row) async for row in site.listed(kind, ["name"], usable)}
    except NotRead:
        return None
