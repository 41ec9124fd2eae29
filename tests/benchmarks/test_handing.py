"""What is measured of documents and webhooks is what was really taken."""

from tests.benchmarks.handing.measure import handing
from tests.fixtures.postgres import Server


def test_the_figures_are_those_of_the_aims(migrated_server: Server) -> None:
    *systems, usual, slowest, many, last = handing(migrated_server, documents=30, webhooks=1, burst=20)

    assert [str(figure.aim) for figure in systems] == ["≤ 5"] * 4
    assert [str(figure.aim) for figure in (usual, slowest, many, last)] == ["≤ 2000"] * 4
    assert all(figure.carnet > 0 for figure in systems) and usual.met and many.met
