"""Thames Clinics: a second chain in another currency, which the first must never see."""

from collections.abc import Iterator

from carnet.demo.happenings import Desk, Happening, card, registration, sale, tell, visits
from carnet.demo.setting import (
    Bundle,
    Offer,
    Person,
    Place,
    days,
    define_services,
    founded,
    hire,
    open_branches,
    publish_packages,
)
from carnet.demo.stage import Stage
from domain.kernel.access import Role

_STRAND = Desk("STR", "george", "amara")


async def perform() -> Stage:
    """The whole chain with its history."""
    stage = await founded("Thames Clinics", "GBP", "Edith Marlow", "Europe/London")
    await open_branches(stage, [Place("STR", "Strand", "Europe/London", "Thames Clinics Ltd")])
    await hire(
        stage,
        [
            Person("olive", "Olive Hart", Role.OWNER),
            Person("george", "George Webb", Role.FRONT_DESK, "STR"),
            Person("amara", "Amara Osei", Role.PRACTITIONER, "STR"),
        ],
    )
    await define_services(stage, "olive", ["STR"], [Offer("PHY45", "Physiotherapy", "therapy", 45, (5500,), 2500)])
    package = Bundle("PHY6", "Physio 6-pack", (("PHY45", 6, 0),), 29700, days(120, 7))
    await publish_packages(stage, "olive", "GBP", [package])
    await tell(stage, _happenings())
    return stage


def _happenings() -> Iterator[Happening]:
    yield registration("joe", "Joe Bloggs", _STRAND, 90, phone="+44 7700 900123", email="joe@example.org")
    yield sale("joe's physio", "PHY6", "joe", _STRAND, 80, card(29700))
    yield from visits("joe's physio", "PHY45", _STRAND, 77, 63, 49)
    yield registration("maud", "Maud Finch", _STRAND, 40, phone="+44 7700 900124")
    yield sale("maud's physio", "PHY6", "maud", _STRAND, 39, card(10000))
    yield from visits("maud's physio", "PHY45", _STRAND, 30)
