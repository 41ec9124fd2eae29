"""A transfer about to happen: what moves where, what it costs, and the quote that binds an act to it."""

from dataclasses import dataclass

from domain.kernel.ids import new_id
from domain.ledger.accounts import Charged
from domain.transfers import rules
from domain.transfers.asked import FeePayer
from domain.transfers.errors import QuoteChanged
from domain.transfers.moving import Moved, moved
from domain.transfers.quote import TransferQuote
from domain.transfers.quoted import quoted
from domain.transfers.situation import Situation


@dataclass(frozen=True, slots=True)
class Handing:
    """Sessions about to be handed on: the situation, what moves, where to, and the fee."""

    situation: Situation
    moved: Moved
    into_package_id: str
    fee: Charged | None
    fee_payer: FeePayer

    @property
    def fee_minor(self) -> int:
        """What it costs, with tax."""
        return self.fee.amount_minor if self.fee else 0

    @property
    def quote(self) -> TransferQuote:
        """What is told of it before it is done."""
        return quoted(self.situation, self.moved, self.fee)

    def refuse_other(self, quote_hash: str | None) -> None:
        """Refuse when something else was quoted."""
        if quote_hash is not None and quote_hash != (quote := self.quote).quote_hash:
            raise QuoteChanged(quote)


def planned(situation: Situation, fee_payer: FeePayer) -> Handing:
    """What is going to happen; refuses what is not paid for."""
    asked, sold = situation.asked, situation.sold
    into_package_id = asked.into_package_id or new_id("pkg")
    payer_id = sold.holder_id if fee_payer is FeePayer.SENDER else asked.recipient_id
    fee = rules.fee(sold, payer_id, asked.branch_id or sold.home_branch_id, situation.sessions)
    return Handing(situation, moved(situation, into_package_id), into_package_id, fee, fee_payer)
