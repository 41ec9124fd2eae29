"""Closing a branch is measured on packages that all move, and leaves ledgers that agree."""

from tests.benchmarks.closing.measure import closing
from tests.fixtures.postgres import Server


def test_all_packages_move_and_the_figures_are_those_of_the_aims(migrated_server: Server) -> None:
    seconds, longest = closing(migrated_server, packages=400)

    assert [str(figure.aim) for figure in (seconds, longest)] == ["≤ 0.8", "≤ 1"]
    assert longest.met
    assert seconds.carnet > 0
