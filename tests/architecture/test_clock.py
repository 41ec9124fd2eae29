"""The clock can be told an instant, but only by the history of the demo."""

from datetime import UTC, datetime, timedelta

from domain.kernel import clock
from tests.architecture.test_house import PACKAGES, lines_with, modules

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_clock_stands_still_inside_the_block_and_goes_on_behind_it() -> None:
    with clock.at(NOON):
        with clock.at(NOON - timedelta(days=1)):
            assert clock.now() == datetime(2026, 3, 1, 12, tzinfo=UTC)
        assert clock.now() == NOON
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_nothing_that_a_request_can_reach_tells_the_clock_an_instant() -> None:
    told = lines_with(r"clock\.at\(|clock import .*\bat\b", modules(*PACKAGES))

    assert {line.split(":")[0] for line in told} == {"carnet/demo/setting.py", "carnet/demo/stage.py"}
