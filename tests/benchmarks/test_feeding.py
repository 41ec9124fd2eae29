"""The figures of the feed are those of the aims, and its pages are read along the order and never sorted."""

import pytest

from domain.kernel.db import rows
from domain.ledger import sealed
from domain.ledger.journal import EntryFilter, OperationFilter
from domain.ledger.sealed import Place
from tests.benchmarks.feeding.measure import feeding
from tests.fixtures.chain import harbour
from tests.fixtures.postgres import Server

pytestmark = pytest.mark.anyio


def test_a_page_takes_as_long_wherever_it_lies(migrated_server: Server) -> None:
    first, last, ratio, half_way, graph, readers = feeding(migrated_server, packages=1500)

    assert [str(figure.aim) for figure in (last, ratio, half_way, readers)] == ["≤ 200", "≤ 1.5", "≤ 1.5", "≤ 50"]
    assert last.met and readers.met
    assert first.aim is None and graph.carnet > 0


async def test_sqlite_reads_a_page_along_the_order(sqlite_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house = await harbour(sqlite_db)
    plans: list[str] = []

    async def explained(sql: str, *args: object) -> list[dict[str, object]]:
        plans.extend(str(step["detail"]) for step in await rows(f"EXPLAIN QUERY PLAN {sql}", *args))
        return []

    monkeypatch.setattr(sealed, "rows", explained)
    await sealed.entries(house.owner, EntryFilter(), 1000, Place(7, "jrn_7"))
    await sealed.operations(house.owner, OperationFilter(), 1000, 7)
    assert [step for step in plans if step.startswith(("SCAN", "SEARCH s ", "SEARCH e ", "SEARCH o "))] == [
        "SEARCH s USING INDEX uq_sealed_operation_position (chain_id=? AND position>?)",
        "SEARCH e USING INDEX ix_journal_entry_operation (operation_id=?)",
        "SEARCH s USING INDEX uq_sealed_operation_position (chain_id=? AND position>?)",
        "SEARCH o USING INDEX sqlite_autoindex_operation_1 (id=?)",
    ]
