"""The history that a package brings along is told with the days, branches and people it happened with."""

from typing import Any

import pytest

from domain.kernel.access import Actor
from tests.fixtures.desk import on
from tests.fixtures.graph import graph
from tests.fixtures.imported import NOTHING_LAPSED, import_into, owner

pytestmark = pytest.mark.anyio

STORY = """query($at: DateTime) { packages(filter: {reference: "LIS-00003"}) { nodes { explanation(at: $at) {
  steps { act effectiveAt sessionsChange branch { code } service { code } practitioner { name } }
  balance { available consumed } identity } } } }"""


async def explained(actor: Actor, at: str | None = None) -> Any:
    async with graph() as app:
        [package] = (await app.ask(actor, STORY, at=at))["packages"]["nodes"]
    return package["explanation"]


async def test_a_visit_keeps_its_instant_its_branch_and_its_practitioner(db: str) -> None:
    await import_into()
    with on(NOTHING_LAPSED):
        explanation = await explained(await owner())
    assert explanation["balance"] == {"available": 3, "consumed": 1}
    assert explanation["identity"] == "179.50 price = 134.62 deferred + 44.88 used before."
    *issued, visit = explanation["steps"]
    assert {step["effectiveAt"] for step in issued} == {"2025-12-11T00:00:00Z"}
    assert visit == {
        "act": "import_package",
        "effectiveAt": "2026-01-20T14:30:00Z",
        "sessionsChange": -1,
        "branch": {"code": "LIS"},
        "service": {"code": "MAS60"},
        "practitioner": {"name": "Fábio Teixeira"},
    }


@pytest.mark.parametrize(
    ("at", "available", "consumed", "identity"),
    [
        ("2025-12-10T23:59:59Z", 0, 0, "0.00 price = 0.00 recognised."),
        ("2025-12-11T00:00:00Z", 4, 0, "179.50 price = 179.50 deferred."),
        ("2026-01-20T14:29:59Z", 4, 0, "179.50 price = 179.50 deferred."),
        ("2026-01-20T14:30:00Z", 3, 1, "179.50 price = 134.62 deferred + 44.88 used before."),
    ],
)
async def test_an_instant_before_the_move_is_explained_as_it_was_then(
    sqlite_db: str, at: str, available: int, consumed: int, identity: str
) -> None:
    await import_into()
    explanation = await explained(await owner(), at)
    assert explanation["balance"] == {"available": available, "consumed": consumed}
    assert explanation["identity"] == identity
