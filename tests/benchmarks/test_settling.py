"""The months that settlements are measured on are ones that Carnet could have written."""

from tests.benchmarks.settling.measure import settling
from tests.fixtures.postgres import Server


def test_the_figures_are_those_of_the_aims(migrated_server: Server) -> None:
    first, second, page, payments = settling(migrated_server, branches=4, sessions=240)

    assert [str(figure.aim) for figure in (first, second, page)] == ["≤ 5000", "≤ 5000", "≤ 2000"]
    assert first.met and second.met and page.met
    assert payments.aim is None and payments.carnet > 0
