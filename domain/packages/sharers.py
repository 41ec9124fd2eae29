"""Those who come for sessions of packages that others hold: each may use what is shared with them, and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.catalog.terms import Sharing
from domain.packages import rules, sharers_store
from domain.packages.errors import PersonMayNotUse
from domain.packages.rules import Sharer
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class Sharers:
    """How persons stand to locked packages that they do not hold."""

    known: Mapping[tuple[str, str], Sharer]

    def shares(self, sold: Sold, person_id: str) -> bool:
        """Whether the person holds the package or it is shared with them."""
        sharer = self.known.get((sold.id, person_id))
        return person_id == sold.holder_id or (sharer is not None and rules.shares(sold.sharing, sharer))

    def may_use(self, sold: Sold, person_id: str) -> bool:
        """Whether the person holds the package or may use some of it, be it all used by now."""
        sharer = self.known.get((sold.id, person_id))
        return person_id == sold.holder_id or (sharer is not None and rules.may_use(sold.sharing, sharer))

    def refuse(self, sold: Sold, asked: Mapping[str, int]) -> None:
        """Refuse the first of the persons who may not use as many sessions of the package as each is to have."""
        for person_id, sessions in asked.items():
            if person_id == sold.holder_id:
                continue
            sharer = self.known.get((sold.id, person_id))
            if sharer is None:
                raise PersonMayNotUse(sold.id, person_id)
            rules.refuse_sharer(sold, sharer, sessions)


async def sharers_of(chain_id: str, packages: Sequence[Sold], person_ids: Sequence[str]) -> Sharers:
    """How the persons stand to packages that are locked, so that nobody takes what is left to them meanwhile.

    At most one statement, and none where everybody is the holder or nothing is shared.
    """
    shared = [sold for sold in packages if sold.sharing is not Sharing.NONE]
    strangers = {person for person in person_ids for sold in shared if person != sold.holder_id}
    if not strangers:
        return Sharers({})
    return Sharers(await sharers_store.sharers(chain_id, [sold.id for sold in shared], sorted(strangers)))
