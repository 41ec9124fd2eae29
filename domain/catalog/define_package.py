"""Defines a package as a draft, anew or as the next version of a definition."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from domain.branches import store as branches
from domain.branches.errors import WrongCurrency
from domain.catalog import store
from domain.catalog.errors import ServiceNotPriced
from domain.catalog.rules import impossible
from domain.catalog.store import State
from domain.catalog.terms import Terms
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.people import store as people


@dataclass(frozen=True, slots=True)
class DefinePackage:
    """A package under its code, with the complete terms it is to be sold on."""

    code: str
    name: str
    terms: Terms
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class PackageDefined:
    """The draft waits to be published."""

    definition_id: str
    version_id: str
    version: int


@act
async def define_package(work: Work, command: DefinePackage) -> PackageDefined:
    """The terms become a draft, in place of an earlier draft; what is on sale or was sold stays as it is.

    Refuses InvalidInput (every impossible term with its reason), WrongCurrency, NotFound (service, branch,
    practitioner, definition), ServiceNotPriced.
    """
    work.authorise(None)
    code, name = _checked(command)
    await _refuse_strangers(work, command.terms)
    await _refuse_unpriced(work, command.terms)
    definition_id = await store.lock_definition_coded(work, code)
    _refuse_itself(definition_id, command.terms)
    if definition_id is None:
        definition_id = new_id("def")
        await store.insert_definition(work, definition_id, code)
    version_id, number = await _place(definition_id)
    draft = store.Version(version_id, number, State.DRAFT, name, command.recommended, command.terms, work.now)
    await store.put_draft(definition_id, draft)
    outcome = PackageDefined(definition_id, version_id, number)
    await record(work, Recorded(outcome))
    return outcome


def _checked(command: DefinePackage) -> tuple[str, str]:
    checks = Checks()
    code, name = checks.code(command.code, "code"), checks.required(command.name, 120, "name")
    checks.text(command.terms.price.tax_code, 20, "price", "taxCode")
    for index, tax in enumerate(command.terms.price.branch_taxes):
        checks.text(tax.code, 20, "price", "branchTaxes", str(index), "taxCode")
    checks.none_of(impossible(command.terms))
    checks.passed()
    return code, name


def _refuse_itself(definition_id: str | None, terms: Terms) -> None:
    checks = Checks()
    other = definition_id not in terms.change.upgrade_to
    checks.that(other, "A package cannot be changed to one of its own definition.", "change", "upgradeTo")
    checks.passed()


async def _place(definition_id: str) -> tuple[str, int]:
    """The id and number of the draft: of the one that stands there, or the next."""
    newest = next(iter(await store.versions(definition_id)), None)
    if newest is None:
        return new_id("dfv"), 1
    return (newest.id, newest.version) if newest.state is State.DRAFT else (new_id("dfv"), newest.version + 1)


async def _refuse_strangers(work: Work, terms: Terms) -> None:
    """Everything that the terms name must belong to the chain, its currency too."""
    chain = await branches.chain(work.chain_id)
    if terms.price.currency != chain.currency:
        raise WrongCurrency(terms.price.currency, chain.currency, "price", "currency")
    services = await store.services(work.chain_id, terms.service_ids)
    taxed_at = [tax.branch_id for tax in terms.price.branch_taxes]
    places = {branch.id for branch in await branches.by_ids(work.actor, [*terms.where.branch_ids, *taxed_at])}
    staff = await people.staff_by_ids(work.actor, terms.where.practitioner_ids)
    targets = await store.definitions(work.chain_id, terms.change.upgrade_to)
    for index, item in enumerate(terms.items):
        path = ("items", str(index), "services")
        _refuse_unknown("service", item.service_ids, {service.id for service in services}, *path)
    _refuse_unknown("branch", terms.where.branch_ids, places, "where", "branches")
    _refuse_unknown("branch", taxed_at, places, "price", "branchTaxes")
    practitioners = {person.id for person in staff}
    _refuse_unknown("practitioner", terms.where.practitioner_ids, practitioners, "where", "practitioners")
    _refuse_unknown("package definition", terms.change.upgrade_to, targets, "change", "upgradeTo")


def _refuse_unknown(noun: str, named: Iterable[str], known: Collection[str], *path: str) -> None:
    for wanted in named:
        if wanted not in known:
            raise NotFound(noun, wanted, *path)


async def _refuse_unpriced(work: Work, terms: Terms) -> None:
    """A price is shared over the sessions by list price, so each service needs one where the package is sold."""
    priced = await store.priced_at(terms.service_ids, terms.where.branch_ids)
    for service in await store.services(work.chain_id, terms.service_ids):
        if service.id not in priced:
            raise ServiceNotPriced(service.id, service.code, "items")
