"""What a chain of the demo has before its first customer comes: branches, people, services, definitions."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from carnet.demo.stage import CARNET, FOUNDING, Moment, Past, Stage
from domain.branches.open_branch import OpenBranch
from domain.branches.store import with_code
from domain.catalog.define_package import DefinePackage
from domain.catalog.define_service import DefineService
from domain.catalog.publish_package_definition import PublishPackageDefinition
from domain.catalog.store import BranchPrice
from domain.catalog.terms import Change, Expiry, Item, Price, Refunding, Terms, Use, Validity, Where, Who
from domain.kernel import clock
from domain.kernel.access import Role
from domain.people.found_chain import ensure_chain
from domain.people.grant_role import GrantRole


@dataclass(frozen=True, slots=True)
class Place:
    """A branch to open."""

    code: str
    name: str
    time_zone: str
    legal_entity: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the staff, with a first role; on the whole chain unless at a branch."""

    key: str
    name: str
    role: Role
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A service with its price, in minor units, at each branch in turn; None where it is not offered."""

    code: str
    name: str
    category: str
    minutes: int
    prices: tuple[int | None, ...]
    costs: int
    group_class: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """A package to define: how many paid and bonus sessions of which services, for how much and how long.

    It may be changed for those that were defined before it, which are named by their codes.
    """

    code: str
    name: str
    items: tuple[tuple[str, int, int], ...]
    price_minor: int
    validity: Validity
    where: Where = field(default_factory=Where)
    who: Who = field(default_factory=Who)
    use: Use = field(default_factory=Use)
    change: Change = field(default_factory=Change)
    refund: Refunding = field(default_factory=Refunding)
    recommended: bool = False


def days(count: int, grace: int = 0) -> Validity:
    """So many days from purchase; soft where there is grace."""
    return Validity(days=count, expiry=Expiry.SOFT if grace else Expiry.HARD, grace_days=grace)


async def founded(name: str, currency: str, founder: str, time_zone: str) -> Stage:
    """The stage of a chain that was founded long ago."""
    past = Past.until_now(time_zone)
    with clock.at(past.instant(FOUNDING)):
        return Stage(await ensure_chain(name, currency, founder), past)


async def open_branches(stage: Stage, places: Sequence[Place]) -> None:
    """Open the branches, unless an import has opened them before."""
    for place in places:
        known = await with_code(stage.chain_id, place.code)
        stage.know(place.code, known.id if known else await _opened(stage, place))


async def _opened(stage: Stage, place: Place) -> str:
    command = OpenBranch(place.code, place.name, place.time_zone, legal_entity=place.legal_entity)
    done = await stage.act(f"branch {place.code}", CARNET, FOUNDING, command)
    branch_id: str = done.outcome.branch_id
    return branch_id


async def hire(stage: Stage, people: Sequence[Person]) -> None:
    """Grant everybody the first role; from then on they act under their own names."""
    for person in people:
        branch = stage.id(person.branch) if person.branch else None
        email = f"{person.key}@example.com"
        command = GrantRole(person.role, branch, name=person.name, email=email)
        done = await stage.act(f"staff {person.key}", CARNET, Moment(410), command)
        stage.know(person.key, done.outcome.staff_id)
        await stage.enter(person.key)


async def define_services(stage: Stage, by: str, branches: Sequence[str], offers: Sequence[Offer]) -> None:
    """Define the services with their prices at these branches."""
    for offer in offers:
        prices = tuple(
            BranchPrice(stage.id(branch), price, offer.costs)
            for branch, price in zip(branches, offer.prices, strict=True)
            if price is not None
        )
        command = DefineService(offer.code, offer.name, offer.minutes, prices, offer.category, offer.group_class)
        done = await stage.act(f"service {offer.code}", by, Moment(405), command)
        stage.know(offer.code, done.outcome.service_id)


async def publish_packages(stage: Stage, by: str, currency: str, bundles: Sequence[Bundle]) -> None:
    """Define the packages and put them on sale."""
    for bundle in bundles:
        terms = _terms(stage, currency, bundle)
        command = DefinePackage(bundle.code, bundle.name, terms, bundle.recommended)
        done = await stage.act(f"definition {bundle.code}", by, Moment(400), command)
        definition_id = done.outcome.definition_id
        await stage.act(f"publication {bundle.code}", by, Moment(400), PublishPackageDefinition(definition_id))
        stage.know(bundle.code, definition_id)


def _terms(stage: Stage, currency: str, bundle: Bundle) -> Terms:
    return Terms(
        items=tuple(Item((stage.id(service),), paid, bonus) for service, paid, bonus in bundle.items),
        price=Price(bundle.price_minor, currency),
        validity=bundle.validity,
        where=bundle.where,
        who=bundle.who,
        use=bundle.use,
        change=replace(bundle.change, upgrade_to=tuple(map(stage.id, bundle.change.upgrade_to))),
        refund=bundle.refund,
    )
