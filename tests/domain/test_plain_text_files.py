"""The connector to files of plain text: beancount, and a reader of what hledger reads, find nothing to say of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from domain.accounting.connectors import plain_text_folder
from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.opening import Opening, open_connector, problems
from domain.accounting.connectors.plain_text_places import use_folder
from domain.accounting.connectors.protocol import Booked, Connector, Document, Outcome, Problem, System
from domain.kernel.errors import FieldProblem
from tests.fixtures.documents import FIFTH, document, number
from tests.fixtures.hledger import hledger_check
from tests.fixtures.plain_text import bean_check_file

pytestmark = pytest.mark.anyio

CONNECTION = "con_01kjz000000000000000000001"
SOLD = {"Assets:Cash:Porto": 54000, "Liabilities:Deferred": -45000, "Liabilities:VAT": -9000}
CHECKS: dict[str, tuple[str, Callable[[Path], str]]] = {
    "beancount": ("beancount", bean_check_file),
    "hledger": ("journal", hledger_check),
}


@dataclass
class Files:
    """A folder, and a connector to it."""

    format: str
    path: Path
    connector: Connector

    async def send(self, what: Document) -> Outcome:
        return (await self.connector.send(what.id, self.connector.render(what))).outcome

    async def probe(self, what: Document) -> Outcome:
        return (await self.connector.probe(what.id, self.connector.render(what))).outcome

    async def booked(self, first: date = FIFTH, last: date = FIFTH) -> list[Booked]:
        return [entry async for entry in self.connector.booked(first, last)]

    def of_day(self, day: date = FIFTH) -> str:
        return (self.path / "days" / f"{day}.{CHECKS[self.format][0]}").read_text()

    def complaints(self) -> str:
        suffix, check = CHECKS[self.format]
        return check(self.path / f"carnet.{suffix}")


def connector(format: str) -> Connector:
    settings = {"format": format}
    return open_connector(System.PLAIN_TEXT, Opening(settings, {}, None, None, CONNECTION))  # type: ignore[arg-type]


@pytest.fixture(params=["beancount", "hledger"])
async def files(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Files]:
    use_folder(tmp_path)
    yield Files(request.param, tmp_path / CONNECTION, connector(request.param))
    use_folder(None)


async def test_a_day_holds_its_documents_in_order_and_the_balances_after_them(tmp_path: Path) -> None:
    use_folder(tmp_path)
    files = Files("beancount", tmp_path / CONNECTION, connector("beancount"))
    await files.send(document(1, {"Assets:Cash": 54000, "Income:Sales": -54000}, dimensions={"Cost Center": "Porto"}))
    await files.send(document(2, {"Assets:Cash:Till": 100, "Income:Sales": -100}, memo='Said "no"\n; and left'))
    assert files.of_day() == (
        """; Written by Carnet, which writes it anew when more is booked: keep what is your own in other files.

2026-03-05 * "Porto, 5 March 2026"
  carnet: "syd_01kjz000000000000000000001"
  Assets:Cash  540.00 EUR
    cost-center: "Porto"
    about: "Line of Assets:Cash"
  Income:Sales  -540.00 EUR
    cost-center: "Porto"
    about: "Line of Income:Sales"

2026-03-05 * "Said \\"no\\" ; and left"
  carnet: "syd_01kjz000000000000000000002"
  Assets:Cash:Till  1.00 EUR
    about: "Line of Assets:Cash:Till"
  Income:Sales  -1.00 EUR
    about: "Line of Income:Sales"

; The balances at the end of the day
2026-03-06 balance Assets:Cash  541.00 ~ 0 EUR
  own: 540.00 EUR
2026-03-06 balance Assets:Cash:Till  1.00 ~ 0 EUR
2026-03-06 balance Income:Sales  -541.00 ~ 0 EUR
"""
    )
    assert (
        (files.path / "carnet.beancount")
        .read_text()
        .endswith('1970-01-01 open Income:Sales\ninclude "days/*.beancount"\n')
    )
    assert files.complaints() == ""
    use_folder(None)


async def test_any_name_of_a_dimension_can_be_read(files: Files) -> None:
    names = "x 部門 場所 About Tax-Code filename lineno date date2 Cost.Center Cost+Center 9".split()
    await files.send(document(1, {"Assets:Cash": 54000, "Income:Sales": -54000}, dimensions=dict.fromkeys(names, "Y")))
    assert files.complaints() == ""
    assert files.of_day().count("cost-center-2:") == 2


async def test_the_same_day_for_hledger(tmp_path: Path) -> None:
    use_folder(tmp_path)
    files = Files("hledger", tmp_path / CONNECTION, connector("hledger"))
    sold = {"assets:cash on hand": 54000, "income:sales": -54000}
    await files.send(document(1, sold, dimensions={"branch": "Porto, Norte [3-4]"}, memo="(Porto; 5 March)"))
    assert files.of_day() == (
        """; Written by Carnet, which writes it anew when more is booked: keep what is your own in other files.
decimal-mark .

2026-03-05 * Porto, 5 March)
    ; carnet:syd_01kjz000000000000000000001
    assets:cash on hand  540.00 EUR  ; branch:Porto Norte (3-4), about:Line of assets:cash on hand
    income:sales  -540.00 EUR  ; branch:Porto Norte (3-4), about:Line of income:sales

; The balances at the end of the day
2026-03-05 * Balances at the end of the day
    assets:cash on hand  0.00 EUR = 540.00 EUR
    income:sales  0.00 EUR = -540.00 EUR
"""
    )
    assert files.complaints() == ""
    use_folder(None)


async def test_what_is_sent_is_there_found_and_read_back_and_sent_again_is_there_once(files: Files) -> None:
    for _ in range(2):
        answer = await files.connector.send(number(1), files.connector.render(document(amounts=SOLD)))
        assert (answer.outcome, answer.remote_id) == (Outcome.SUCCESS, f"days/2026-03-05.{CHECKS[files.format][0]}")
    assert await files.probe(document(amounts=SOLD)) is Outcome.SUCCESS
    assert await files.probe(document(2, SOLD)) is Outcome.LATER
    assert [(each.document_id, each.day, each.amounts) for each in await files.booked()] == [(number(1), FIFTH, SOLD)]
    assert await files.booked(date(2026, 3, 6), date(2026, 3, 31)) == []
    assert list(await files.connector.accounts()) == []


async def test_documents_in_any_order_of_days_and_currencies_come_to_balances_that_hold(files: Files) -> None:
    random = Random(7)
    accounts = ["Assets:Cash", "Assets:Cash:Porto", "Assets:Cash:Porto:Till", "Liabilities:Deferred", "Income:Sales"]
    for n in range(1, 61):
        debit, credit = random.sample(accounts, 2)
        amount, day = random.randint(1, 99_999), date(2026, 3, random.randint(1, 12))
        what = document(n, {debit: amount, credit: -amount}, day=day, currency=random.choice(["EUR", "JPY", "KWD"]))
        assert await files.send(what) is Outcome.SUCCESS
        if n % 20 == 0:
            assert files.complaints() == ""
    assert len(await files.booked(date(2026, 3, 1), date(2026, 3, 12))) == 60
    text = files.of_day(date(2026, 3, 7))
    (files.path / "days" / f"2026-03-07.{CHECKS[files.format][0]}").write_text(text.replace("1", "2", 40))
    assert files.complaints() != ""


@pytest.mark.parametrize("after", range(7))
async def test_killed_between_any_two_files_the_balances_hold_after_the_next_call(
    files: Files, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """The accounts, a note, the day itself and three later ones are written; repairing may be killed as well."""
    for n, day in enumerate((5, 6, 9), 1):
        await files.send(document(n, SOLD, day=date(2026, 3, day)))
    late = document(4, {"Assets:Bank": 700, "Assets:Cash:Porto": -700}, day=date(2026, 3, 4))
    with monkeypatch.context() as killed:
        killed.setattr(plain_text_folder, "_put", _killed(after))
        assert await files.send(late) is (Outcome.SUCCESS if after == 6 else Outcome.UNCERTAIN)
    with monkeypatch.context() as killed:
        killed.setattr(plain_text_folder, "_put", _killed(2))
        await files.probe(late)
    assert await files.probe(late) is (Outcome.LATER if after < 3 else Outcome.SUCCESS)
    assert files.complaints() == ""
    assert await files.send(late) is Outcome.SUCCESS
    assert files.complaints() == ""
    assert [each.document_id for each in await files.booked(date(2026, 3, 4))] == [number(4), number(1)]
    assert sorted(path.name for path in files.path.iterdir()) == [".lock", f"carnet.{CHECKS[files.format][0]}", "days"]


@pytest.mark.parametrize(("whole_day", "after"), [(False, None), (True, None), (False, 2), (True, 1)])
async def test_what_was_removed_by_hand_and_is_sent_again_leaves_the_files_as_they_were(
    files: Files, monkeypatch: pytest.MonkeyPatch, *, whole_day: bool, after: int | None
) -> None:
    """Its amounts are in the balances of its day and of all later ones already, unless somebody took the whole day."""
    for n, day in enumerate((4, 5, 5, 6, 9), 1):
        await files.send(document(n, SOLD | {"Assets:Bank": n, "Income:Sales": -n}, day=date(2026, 3, day)))
    before = {path: path.read_text() for path in files.path.rglob(f"*.{CHECKS[files.format][0]}")}
    fifth = files.path / "days" / f"2026-03-05.{CHECKS[files.format][0]}"
    removed = [document(n, SOLD | {"Assets:Bank": n, "Income:Sales": -n}) for n in (2, 3)]
    if whole_day:
        fifth.unlink()
    else:
        for each in removed:
            fifth.write_text(fifth.read_text().replace(files.connector.render(each).decode(), ""))
    assert [await files.probe(each) for each in removed] == [Outcome.LATER, Outcome.LATER]
    if after is not None:
        with monkeypatch.context() as killed:
            killed.setattr(plain_text_folder, "_put", _killed(after))
            assert await files.send(removed[0]) is Outcome.UNCERTAIN
    for each in removed:
        assert await files.send(each) is Outcome.SUCCESS
        assert files.complaints() == ""
    assert {path: path.read_text() for path in files.path.rglob(f"*.{CHECKS[files.format][0]}")} == before


async def test_balances_that_somebody_took_out_are_those_of_what_is_booked(files: Files) -> None:
    for n, day in enumerate((4, 5), 1):
        await files.send(document(n, SOLD, day=date(2026, 3, day)))
    fifth = files.path / "days" / f"2026-03-05.{CHECKS[files.format][0]}"
    fifth.write_text(fifth.read_text().partition("\n; The balances")[0])
    await files.send(document(3, SOLD, day=date(2026, 3, 6)))
    assert files.complaints() == ""


async def test_killed_while_a_file_is_written_leaves_one_draft_that_the_next_call_takes(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    await files.send(document(1, SOLD))
    whole = files.of_day()
    for _ in range(3):
        with monkeypatch.context() as killed:
            killed.setattr(Path, "replace", _dead)
            killed.setattr(Path, "unlink", _dead)
            assert await files.send(document(2, SOLD)) is Outcome.UNCERTAIN
    assert files.of_day() == whole
    assert len(list((files.path / "days").iterdir())) == 2
    assert await files.send(document(2, SOLD)) is Outcome.SUCCESS
    assert [path.name for path in (files.path / "days").iterdir()] == [f"{FIFTH}.{CHECKS[files.format][0]}"]
    assert files.complaints() == ""


def _dead(*_: object, **__: object) -> None:
    raise OSError("killed")


def _killed(after: int) -> Callable[[Path, str], None]:
    """Writes so many files and no more."""
    put, left = plain_text_folder._put, [None] * after

    def _put(file: Path, text: str) -> None:
        if not left:
            raise OSError("killed")
        left.pop()
        put(file, text)

    return _put


async def test_several_that_write_at_once_lose_nothing(files: Files) -> None:
    others = [replace(files, connector=connector(files.format)) for _ in range(4)]
    sent = await asyncio.gather(*(others[n % 4].send(document(n, SOLD)) for n in range(1, 41)))
    assert set(sent) == {Outcome.SUCCESS}
    assert sorted(each.document_id for each in await files.booked()) == [number(n) for n in range(1, 41)]
    assert files.complaints() == ""


async def test_files_that_cannot_be_written_take_nothing(files: Files, tmp_path: Path) -> None:
    (tmp_path / CONNECTION).write_text("in the way")
    answer = await files.connector.send(number(1), files.connector.render(document(amounts=SOLD)))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.UNREACHABLE)
    assert await files.probe(document(amounts=SOLD)) is Outcome.UNCERTAIN


async def test_without_a_folder_nothing_is_written_and_the_answer_says_so() -> None:
    use_folder(None)
    lost = connector("beancount")
    answer = await lost.send(number(1), lost.render(document(amounts=SOLD)))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.UNREACHABLE)
    assert "see CARNET_PLAIN_TEXT_FOLDER" in answer.message
    with pytest.raises(NotRead):
        [entry async for entry in lost.booked(FIFTH, FIFTH)]
    with pytest.raises(ValueError, match="there is no format ledger, only beancount and hledger"):
        connector("ledger")
    assert list(problems(System.PLAIN_TEXT, {"format": "ledger"}, {})) == [
        FieldProblem(("settings", "format"), "format is beancount or hledger.")
    ]


@pytest.mark.parametrize(
    ("format", "account"),
    [("beancount", "Cash"), ("beancount", "assets:Cash"), ("beancount", "Assets:Cash  1.00 EUR\n"),
     ("hledger", "cash  1.00 EUR"), ("hledger", "cash; no"), ("hledger", "(cash)"), ("hledger", "cash\n")],
)  # fmt: skip
def test_an_account_that_the_program_would_not_read_is_not_written(format: str, account: str) -> None:
    with pytest.raises(ValueError, match=f"is no account of {format}"):
        connector(format).render(document(amounts={account: 1, "Assets:Cash": -1}))
