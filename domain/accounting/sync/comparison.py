"""One comparison: stretch after stretch is read, held against what was sent, and written; what is left comes last."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog

from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.protocol import Answer, Booked, Connector, Document, Outcome
from domain.accounting.sync import expected_store as store
from domain.accounting.sync import mapping_store, sending_store
from domain.accounting.sync.comparing import Compared, Difference, Expected, amounts, at_last, compared
from domain.accounting.sync.expected_store import Rendered
from domain.accounting.sync.lease import Held
from domain.accounting.sync.mapping import Chart
from domain.accounting.sync.rendering import called
from domain.accounting.sync.stretches import Stretch, cut
from domain.kernel import clock
from domain.kernel.db import retrying

log = structlog.get_logger()

_AT_A_TIME = 1_000
_TOO_LONG = "It takes longer than there is time for at once. What was compared stays compared."


@dataclass(slots=True)
class Comparison:
    """What it came to so far; it ends with NotRead where what is booked cannot be read, or not in time."""

    held: Held
    connector: Connector
    ends: datetime | None
    count: int = 0
    differences: list[Difference] = field(default_factory=list)
    absent: dict[str, None] = field(default_factory=dict)
    strays: list[Booked] = field(default_factory=list)
    """What is booked on other days than it should be, or once more."""
    charts: dict[int, Chart] = field(default_factory=dict)

    async def run(self, days: Sequence[Stretch]) -> None:
        """Compare these days, in order."""
        for each in days:
            for stretch in cut(each, await store.documents_by_day(self.held.connection_id, *each)):
                await self._compare(stretch)
        left = list(dict.fromkeys([*self.absent, *(each.document_id for each in self.strays)]))
        for at in range(0, len(left), _AT_A_TIME):
            await self._compare_left(days, left[at : at + _AT_A_TIME])

    async def _compare(self, stretch: Stretch) -> None:
        booked = await self._read(stretch)
        ours = await self._expected(await store.between(self.held.connection_id, *stretch))
        known = {each.document_id for each in ours}
        owners = await store.owners([each.document_id for each in booked if each.document_id not in known])
        self.strays += [each for each in booked if owners.get(each.document_id) == self.held.connection_id]
        outcome = compared(ours, [each for each in booked if each.document_id not in owners])
        self.absent |= dict.fromkeys(outcome.absent)
        await self._write(outcome)

    async def _compare_left(self, days: Sequence[Stretch], ids: Sequence[str]) -> None:
        """What is absent may have been found on another day; what was found on its own is there once more."""
        ours = await self._expected(await store.with_ids(self.held.connection_id, ids))
        these = set(ids)
        strays = [each for each in self.strays if each.document_id in these]
        read = {each.document_id for each in ours if any(first <= each.day <= last for first, last in days)}
        await self._write(at_last(ours, strays, read - self.absent.keys()))

    async def _read(self, stretch: Stretch) -> list[Booked]:
        left = None if self.ends is None else (self.ends - clock.now()).total_seconds()
        try:
            async with asyncio.timeout(left):
                if left is not None and left <= 0:
                    raise TimeoutError
                return await _booked(self.connector, stretch)
        except TimeoutError:
            raise NotRead(Answer(Outcome.UNCERTAIN, message=_TOO_LONG)) from None

    async def _expected(self, ours: Iterable[Rendered]) -> list[Expected]:
        expected = []
        for each in ours:
            version, sheet = each.mapping_version, each.sheet
            if version not in self.charts:
                self.charts[version] = await mapping_store.chart(self.held.connection_id, version)
            words = called(sheet, self.charts[version])
            assert isinstance(words, Document), "it was rendered by this version before"
            sums = amounts(words)
            expected.append(Expected(sheet.id, each.branch_id, words.day, sheet.currency, sums, each.state))
        return expected

    async def _write(self, outcome: Compared) -> None:
        self.count += outcome.count
        self.differences += outcome.differences
        await retrying(partial(_note, self.held, outcome))


async def _booked(connector: Connector, stretch: Stretch) -> list[Booked]:
    try:
        return [each async for each in connector.booked(*stretch)]
    except NotRead:
        raise
    except Exception as error:
        log.exception("a connector fails")
        # What the error says is for the log alone: it may tell a secret.
        raise NotRead(Answer(Outcome.UNCERTAIN, message=f"The connector failed ({type(error).__name__}).")) from None


async def _note(held: Held, outcome: Compared) -> None:
    async with held.writing():
        await sending_store.note(outcome, clock.now())
