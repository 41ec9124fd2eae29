"""Loaders of bookings, of their stories and persons, and of what cancelling them costs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from domain.bookings import reading, story
from domain.bookings.view import BookingView, Change, Window
from domain.kernel.access import Actor
from schema.context import Loader

Key = tuple[Window, str]
OfEach = Callable[[Actor, Sequence[str], Window], Awaitable[dict[str, list[BookingView]]]]


async def _stories(_actor: Actor, ids: list[str]) -> Mapping[str, list[Change]]:
    """Stories of bookings that the actor was already shown."""
    return await story.stories_of(ids)


async def _persons(_actor: Actor, ids: list[str]) -> Mapping[str, list[str]]:
    """Who comes to bookings that the actor was already shown."""
    return await reading.persons_of(ids)


def _windowed(of_each: OfEach) -> Loader[Key, list[BookingView]]:
    """One statement for each window asked for."""

    async def batch(actor: Actor, keys: list[Key]) -> Mapping[Key, list[BookingView]]:
        found: dict[Key, list[BookingView]] = {}
        for window in {window for window, _ in keys}:
            each = await of_each(actor, [owner_id for asked, owner_id in keys if asked == window], window)
            found |= {(window, owner_id): bookings for owner_id, bookings in each.items()}
        return found

    return Loader(batch)


BOOKING = Loader(reading.by_ids)
OF_CUSTOMER = _windowed(reading.of_customers)
OF_PACKAGE = _windowed(reading.of_packages)
STORY = Loader(_stories)
PERSONS = Loader(_persons)
CANCELLATION = Loader(reading.cancellations_of)
