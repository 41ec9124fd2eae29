"""The hash of a quote is the same for the same figures, wherever they come from, and another for any others."""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from domain.catalog.terms import RefundBasis
from domain.kernel.quotes import quote_hash


@dataclass(frozen=True, slots=True)
class Figures:
    """Some figures of a quote."""

    refund_minor: int
    basis: RefundBasis
    lots: tuple[tuple[str, int], ...]


FIGURES = Figures(27000, RefundBasis.PAID_SESSIONS, (("lot_a", 6),))


def test_the_same_figures_of_the_same_version_have_the_same_hash() -> None:
    assert quote_hash(3, FIGURES) == quote_hash(3, FIGURES)
    assert quote_hash(3, FIGURES) == quote_hash(
        3, {"lots": [["lot_a", 6]], "basis": "PAID_SESSIONS", "refund_minor": 27000}
    )
    assert len(quote_hash(3, FIGURES)) == 64


def test_another_version_or_figure_has_another() -> None:
    told = {
        quote_hash(3, FIGURES),
        quote_hash(4, FIGURES),
        quote_hash(3, Figures(27001, RefundBasis.PAID_SESSIONS, (("lot_a", 6),))),
        quote_hash(3, Figures(27000, RefundBasis.NONE, (("lot_a", 6),))),
        quote_hash(3, Figures(27000, RefundBasis.PAID_SESSIONS, (("lot_a", 5),))),
        quote_hash(3, Figures(27000, RefundBasis.PAID_SESSIONS, ())),
    }
    assert len(told) == 6


def test_what_databases_tell_differently_is_the_same() -> None:
    instant = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert quote_hash(1, [True, 45, instant]) == quote_hash(
        1, (1, Decimal(45), instant.astimezone(timezone(timedelta(hours=9))))
    )
    assert quote_hash(1, {"b": {"x", "y"}, "a": date(2026, 3, 2)}) == quote_hash(
        1, {"a": "2026-03-02", "b": ["x", "y"]}
    )


@pytest.mark.parametrize(
    "bad",
    [1.5, object(), datetime(2026, 3, 2), Decimal("0.5"), Figures],  # noqa: DTZ001
    ids=["float", "anything", "instant without zone", "part of a minor unit", "class"],
)
def test_what_has_no_one_form_is_a_fault(bad: object) -> None:
    with pytest.raises((TypeError, AssertionError)):
        quote_hash(1, bad)


@pytest.mark.parametrize("seed", ["0", "1"])
def test_every_process_says_the_same(seed: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from domain.kernel.quotes import quote_hash; print(quote_hash(1, {'a', 'b', 'c'}))"],
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "da0623ab0759cc6409fbef2214364e90c87dec9b08664a32152614a4d6b6d36b"
