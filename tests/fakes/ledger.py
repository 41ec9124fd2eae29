"""An accounting system in memory that misbehaves when told to, and the connector to it."""

from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import orjson

from domain.accounting.connectors.answers import not_there, rejected, unanswered, unauthorised, unreached
from domain.accounting.connectors.opening import SETTLES, Kind, Opening
from domain.accounting.connectors.protocol import Answer, Booked, Dimension, Document, Outcome, Problem


class Does(StrEnum):
    """What the next call comes to, instead of a success."""

    BOOKS_AND_IS_SILENT = "BOOKS_AND_IS_SILENT"
    IS_SILENT = "IS_SILENT"
    IS_NOT_REACHED = "IS_NOT_REACHED"
    REJECTS = "REJECTS"
    HAS_ENOUGH = "HAS_ENOUGH"
    LETS_NOBODY_IN = "LETS_NOBODY_IN"
    FAILS = "FAILS"


@dataclass(slots=True)
class Ledger:
    """What is booked there, by its own ids, and every call that came."""

    booked: dict[str, Booked] = field(default_factory=dict)
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    probed: list[str] = field(default_factory=list)
    does: deque[Does] = field(default_factory=deque)
    chart: tuple[str, ...] = ()
    lacking: tuple[Dimension, ...] = ()
    """The dimensions that are not there."""
    locked_until: date | None = None
    unreadable: Exception | None = None
    """What reading what is booked comes to."""
    retry_after: timedelta = timedelta(seconds=30)
    says: str = "there is no account 4711"
    """Its words when it rejects."""
    series: str = "R"
    """What its own ids begin with."""
    hook: Callable[[str], Awaitable[None]] | None = None
    """Called with the document before anything is answered."""
    read: list[tuple[date, date]] = field(default_factory=list)
    """The days that were asked for, one reading after the other."""
    read_hook: Callable[[], Awaitable[None]] | None = None
    """Called before what is booked is told."""

    def then(self, *does: Does) -> None:
        """The next calls come to this."""
        self.does.extend(does)

    @property
    def twice(self) -> list[str]:
        """The documents that are booked more than once."""
        counted = Counter(each.document_id for each in self.booked.values())
        return [document_id for document_id, count in counted.items() if count > 1]

    @property
    def balances(self) -> dict[str, int]:
        """By account, debits less credits."""
        sums: Counter[str] = Counter()
        for each in self.booked.values():
            sums.update(each.amounts)
        return dict(sums)

    def kind(self, at_once: int = 4, settles: timedelta = SETTLES) -> Kind:
        """The system as a registry knows it; it needs no settings."""
        return Kind(lambda opening: InMemory(self, opening), at_once=at_once, settles=settles, credentials=("key",))


class InMemory:
    """A Connector to a ledger in memory."""

    def __init__(self, ledger: Ledger, opening: Opening) -> None:
        self._ledger = ledger
        assert set(opening.credentials) == {"key"}

    def render(self, document: Document) -> bytes:
        assert sum(line.amount_minor for line in document.lines) == 0
        return orjson.dumps(document)

    async def send(self, document_id: str, body: bytes, ended: int = 0) -> Answer:  # noqa: ARG002
        ledger = self._ledger
        ledger.sent.append((document_id, body))
        if ledger.hook is not None:
            await ledger.hook(document_id)
        does = ledger.does.popleft() if ledger.does else None
        told = orjson.loads(body)
        day = date.fromisoformat(told["day"])
        if does in (None, Does.BOOKS_AND_IS_SILENT):
            if ledger.locked_until is not None and day <= ledger.locked_until:
                refused = rejected(Problem.LOCKED_DAY, "the period is locked", "Open it.")
                return Answer(refused.outcome, problem=refused.problem, locked_until=ledger.locked_until)
            book(ledger, document_id, told)
        return _answer(does, ledger)

    async def probe(self, document_id: str, body: bytes) -> Answer:  # noqa: ARG002
        ledger = self._ledger
        ledger.probed.append(document_id)
        does = ledger.does.popleft() if ledger.does else None
        if does is not None:
            return _answer(does, ledger)
        for remote_id, each in ledger.booked.items():
            if each.document_id == document_id:
                return Answer(Outcome.SUCCESS, remote_id=remote_id)
        return not_there()

    async def booked(self, first: date, last: date) -> AsyncIterator[Booked]:
        self._ledger.read.append((first, last))
        if self._ledger.read_hook is not None:
            await self._ledger.read_hook()
        if self._ledger.unreadable is not None:
            raise self._ledger.unreadable
        for each in list(self._ledger.booked.values()):
            if first <= each.day <= last:
                yield each

    async def accounts(self) -> Sequence[str]:
        return self._ledger.chart

    async def lacks(self, dimensions: Collection[Dimension]) -> Sequence[Dimension]:
        return [each for each in dimensions if each in self._ledger.lacking]

    async def close(self) -> None:
        pass


def book(ledger: Ledger, document_id: str, told: dict[str, object]) -> None:
    """Book a document, once more if it is there already."""
    remote_id = f"{ledger.series}{len(ledger.booked) + 1}"
    amounts: Counter[str] = Counter()
    for line in told["lines"]:  # type: ignore[attr-defined]
        amounts[line["remote_account"]] += line["amount_minor"]
    ledger.booked[remote_id] = Booked(remote_id, document_id, date.fromisoformat(str(told["day"])), dict(amounts))


def _answer(does: Does | None, ledger: Ledger) -> Answer:
    match does:
        case None:
            return Answer(Outcome.SUCCESS, remote_id=f"{ledger.series}{len(ledger.booked)}")
        case Does.IS_NOT_REACHED:
            return unreached()
        case Does.REJECTS:
            return rejected(Problem.UNKNOWN_ACCOUNT, ledger.says, "Map it to one that is there.")
        case Does.HAS_ENOUGH:
            return Answer(Outcome.LATER, problem=Problem.TOO_MANY_CALLS, status=429, retry_after=ledger.retry_after)
        case Does.LETS_NOBODY_IN:
            return unauthorised("invalid_grant", 401)
        case Does.FAILS:
            raise RuntimeError("a bug")
    return unanswered()
