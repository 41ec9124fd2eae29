"""An upgrade about to happen: what both packages come to, what moves along, and the quote that binds the act to it."""

from dataclasses import dataclass, replace

from domain.catalog.terms import UpgradeMethod
from domain.kernel.ids import new_id
from domain.kernel.money import Money
from domain.kernel.quotes import quote_hash
from domain.ledger.draft import Draft
from domain.packages.errors import NotPaidFor
from domain.packages.sold import Sold
from domain.refunds.rules import REFUNDABLE
from domain.upgrades import rules
from domain.upgrades.changing import GivenUp, given_up, issued
from domain.upgrades.errors import BookingsDoNotFit, UpgradeQuoteChanged, UsedBeyondNew
from domain.upgrades.fitting import coming, taken_up
from domain.upgrades.quote import Misfit, UpgradeQuote
from domain.upgrades.rules import New, Quote
from domain.upgrades.situation import Situation
from domain.upgrades.valuing import Valuing, valuing


@dataclass(frozen=True, slots=True)
class Upgrading:
    """A package about to be changed: the situation, what it comes to, and both packages as they will be."""

    situation: Situation
    new: Sold
    reckoned: Quote
    given_up: GivenUp
    valuing: Valuing
    arriving: Draft
    misfits: tuple[Misfit, ...]

    @property
    def quote(self) -> UpgradeQuote:
        """What is told of it before it is done; whatever of it, or of the package, is another gives another hash."""
        quote = _quoted(self)
        return replace(quote, quote_hash=quote_hash(self.situation.version, quote))

    def refuse(self, expected: str | None) -> None:
        """Refuse when something else was quoted, and bookings that cannot move along."""
        if expected is not None and expected != (quote := self.quote).quote_hash:
            raise UpgradeQuoteChanged(quote)
        if self.misfits:
            raise BookingsDoNotFit(self.situation.sold.id, self.misfits)


def planned(situation: Situation) -> Upgrading:
    """What is going to happen; refuses a package of which nothing would be left, and unpaid credit."""
    sold, offer, old = situation.sold, situation.offer, situation.worth.old
    method = sold.terms.change.upgrade_method
    new = New(offer.price_minor, offer.terms.sessions)
    if rules.used_beyond(method, old, new) or rules.sessions_after(method, old, new) == 0:
        raise UsedBeyondNew(sold.id, offer.definition_id, old.carried_usage, new.sessions)
    reckoned = rules.quote(method, old, new, sold.currency)
    _refuse_unpaid_credit(situation, reckoned)
    leaving = given_up(situation.lots, situation.own, situation.going, situation.moment, situation.asked.branch_id)
    values = valuing(reckoned, sold, old, offer, leaving.carried)
    opened = _opened(situation, reckoned)
    arriving = issued(opened, offer, method, situation.worth.used, values.carried, leaving)
    misfits = taken_up(opened, arriving, situation.going, sold.sharing, situation.now)
    return Upgrading(situation, opened, reckoned, leaving, values, arriving, tuple(misfits))


def _refuse_unpaid_credit(situation: Situation, reckoned: Quote) -> None:
    """Refuse to credit what a package before counted for while that is owed for again: nobody has paid it."""
    unpaid, currency = situation.known.unpaid_before, situation.sold.currency
    if unpaid is not None and reckoned.credit_minor:
        paid, outstanding = Money(unpaid.paid_minor, currency), Money(unpaid.outstanding_minor, currency)
        raise NotPaidFor(unpaid.package_id, paid, outstanding, would="credit")


def _opened(situation: Situation, reckoned: Quote) -> Sold:
    """The new package as rules see it, as though it could be used at once."""
    sold, offer, now = situation.sold, situation.offer, situation.now
    return Sold(
        id=new_id("pkg"),
        version=1,
        name=offer.name,
        definition_id=offer.definition_id,
        holder_id=sold.holder_id,
        home_branch_id=situation.asked.branch_id,
        home_time_zone=situation.known.time_zone,
        selling_branch_id=situation.asked.branch_id,
        currency=sold.currency,
        price_minor=offer.price_minor,
        tax_minor=offer.tax_minor,
        paid_minor=0,
        brought_minor=offer.price_minor - reckoned.due_minor,
        terms=offer.terms,
        sharing=offer.terms.who.sharing,
        sold_at=now,
        activated_at=now,
        first_used_on=None,
        start_by=situation.start_by,
        frozen_from=None,
        thaws_at=None,
        disputed_at=None,
        extended_days=0,
    )


def _quoted(upgrading: Upgrading) -> UpgradeQuote:
    situation, reckoned, offer = upgrading.situation, upgrading.reckoned, upgrading.situation.offer
    old = situation.worth.old
    return UpgradeQuote(
        package_id=situation.sold.id,
        definition_id=offer.definition_id,
        version_id=offer.version_id,
        name=offer.name,
        branch_id=situation.asked.branch_id,
        quote_hash="",
        method=reckoned.method,
        currency=reckoned.currency,
        price_minor=offer.price_minor,
        tax_minor=offer.tax_minor,
        used=old.carried_usage if reckoned.method is UpgradeMethod.CARRY_USAGE else old.used,
        unused_value_minor=reckoned.unused_value_minor,
        difference_minor=reckoned.difference_minor,
        outstanding_carried_minor=reckoned.outstanding_carried_minor,
        due_minor=reckoned.due_minor,
        credit_minor=reckoned.credit_minor,
        refundable_minor=situation.before.refundable_minor,
        sessions_after=reckoned.sessions_after,
        granted_sessions=upgrading.given_up.granted_sessions,
        last_day=max(lot.last_day for lot in upgrading.arriving.after if lot.origin in REFUNDABLE),
        coming=tuple(coming(situation.going, list(upgrading.misfits))),
        misfits=upgrading.misfits,
        steps=reckoned.steps,
    )
