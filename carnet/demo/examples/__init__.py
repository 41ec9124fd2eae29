"""Examples to run in GraphiQL, some for each kind of user; the documents lie beside this module."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from carnet.demo.examples import inputs, inputs_branches, inputs_changes, inputs_people, inputs_systems
from carnet.demo.stage import Stage
from carnet.demo.tokens import DemoTokens
from schema.graphiql import IdeTab

_DOCUMENTS = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Example:
    """A document, who it is for, and the variables it is run with."""

    document: str
    title: str
    principal: str
    variables: object = None


def tabs(stage: Stage, tokens: DemoTokens) -> tuple[IdeTab, ...]:
    """The examples as GraphiQL shows them, each with the token of the user it is for."""
    return tuple(_tab(example, tokens) for example in examples(stage))


def _tab(example: Example, tokens: DemoTokens) -> IdeTab:
    token: str = getattr(tokens, example.principal)
    query = (_DOCUMENTS / f"{example.document}.graphql").read_text(encoding="utf-8")
    variables = orjson.dumps(example.variables, option=orjson.OPT_INDENT_2).decode() if example.variables else ""
    headers = orjson.dumps({"Authorization": f"Bearer {token}"}, option=orjson.OPT_INDENT_2).decode()
    return IdeTab(example.title, query, variables, headers)


def examples(stage: Stage) -> Iterator[Example]:
    """Every example, for a chain whose history has been told."""
    yield from _for_customers(stage)
    yield from _for_the_front_desk(stage)
    yield from _for_managers(stage)
    yield from _for_accountants(stage)
    yield from _of_settlements(stage)
    yield from _of_changes(stage)
    yield Example("operations", "Integrator: operations", "integrator")
    yield from _of_feeds(stage)
    yield from _of_systems(stage)


def _for_customers(stage: Stage) -> Iterator[Example]:
    yield Example("my_packages", "Mobile app: my packages", "customer")
    physio = {"package": stage.id("ana's physio")}
    yield Example("why_this_balance", "Mobile app: why this balance?", "customer", physio)
    yield Example("book", "Mobile app: book a massage", "customer", {"input": inputs.booking(stage)})
    yield Example("share", "Mobile app: share with Leonor", "customer", {"input": inputs_people.sharing(stage)})
    yield Example("revoke", "Mobile app: share with Rui no more", "customer", {"input": inputs_people.revoking(stage)})
    herself = {"input": {"customerId": stage.id("ana")}}
    yield Example("export_customer", "Mobile app: all that is kept about me", "customer", herself)


def _for_the_front_desk(stage: Stage) -> Iterator[Example]:
    desk = "frontdesk_lis"
    find = {"phone": "922 925 005", "customer": stage.id("ana")}
    yield Example("find_customer", "Front desk: who is calling?", desk, find)
    yield Example("redeem", "Front desk: redeem a session", desk, {"input": inputs.redemption(stage)})
    days = {"branch": stage.id("LIS"), "from": stage.past.day(-2), "until": stage.past.day(5)}
    yield Example("branch_days", "Front desk: the visits of these days", desk, days)
    sale = {"input": inputs.sale_by_instalments(stage)}
    yield Example("sell_by_instalments", "Front desk: sell by instalments", desk, sale)
    paid = {"input": inputs.payment_from_credit(stage)}
    yield Example("pay_from_credit", "Front desk: pay from credit", desk, paid)
    family = {"package": stage.id("carla's family physio")}
    yield Example("family", "Front desk: a family and its package", desk, family)
    quoted = inputs_people.quote(stage)
    yield Example("transfer_quote", "Front desk: what would handing on come to?", desk, quoted)
    yield Example("hand_on", "Front desk: hand sessions on", desk, {"input": inputs_people.handing_on(stage)})
    yield Example("undo_transfer", "Front desk: undo a transfer", desk, {"input": inputs_people.undoing(stage)})


def _for_managers(stage: Stage) -> Iterator[Example]:
    lisbon = {"branch": stage.id("LIS")}
    yield Example("sell", "Manager: sell a package", "manager_lis", {"input": inputs.sale(stage)})
    yield Example("call_these", "Manager: whose package runs out?", "manager_mad")
    yield Example("overdue", "Manager: who is behind with paying?", "manager_lis", lisbon)
    yield Example("void", "Manager: a sale was a mistake", "manager_lis", {"input": inputs.void(stage)})
    since = {"from": stage.past.last_month()[0], "to": stage.past.today}
    yield Example("package_profit", "Manager: what do packages earn?", "manager_lis", lisbon | since)
    asked = {"input": inputs_people.approval(stage)}
    yield Example("approve_transfer", "Manager: approve a transfer", "manager_lis", asked)
    yield Example("duplicates", "Manager: who is here twice?", "manager_lis")
    yield Example("merge", "Manager: they are one person", "manager_lis", {"input": inputs_people.merging(stage)})
    yield Example("branch_moves", "Manager: packages that come and go", "manager_mad", {"branch": stage.id("MAD")})
    taken_over = {"input": inputs_branches.acceptance(stage)}
    yield Example("accept_move", "Manager: take a package over", "manager_mad", taken_over)
    yield Example("define", "Owner: define a package", "owner", lisbon | {"input": inputs.definition(stage)})


def _for_accountants(stage: Stage) -> Iterator[Example]:
    first_day, last_day = stage.past.last_month()
    month, who = {"from": first_day, "to": last_day}, "accountant"
    yield Example("roll_forward", "Accountant: deferred revenue", who, month)
    yield Example("reconciliation", "Accountant: money and earnings", who, month)
    yield Example("collections", "Accountant: what came in", who, month)
    yield Example("trial_balance", "Accountant: trial balance", who, {"until": last_day})
    yield Example("download", "Accountant: download a report", who, month)
    yield Example("journal", "Accountant: journal entries", who, {"package": stage.id("ana's physio")})


def _of_settlements(stage: Stage) -> Iterator[Example]:
    """Each carries on from the one before it."""
    draft, who = {"settlement": stage.id("settlement drafted")}, "accountant"
    approval = {"input": inputs_branches.approval(stage)}
    paid = {"input": inputs_branches.confirmation(stage)}
    yield Example("settlement", "Accountant: which branch owes which?", who, draft)
    yield Example("approve_settlement", "Owner: approve a settlement", "owner", approval)
    yield Example("confirm_settlement", "Accountant: a settlement was paid", who, paid)
    yield Example("settle", "Accountant: settle the days since", who, {"input": inputs_branches.settlement(stage)})


def _of_changes(stage: Stage) -> Iterator[Example]:
    desk = "frontdesk_lis"
    yield Example("top_up", "Front desk: add sessions", desk, {"input": inputs_changes.top_up(stage)})
    larger = {"input": inputs_changes.upgrade(stage)}
    yield Example("upgrade", "Manager: change for a larger package", "manager_mad", larger)
    yield Example("refund_quote", "Front desk: what would come back?", desk, inputs_changes.quote(stage))
    asked = {"input": inputs_changes.asking_back(stage)}
    yield Example("request_refund", "Front desk: give sessions back", desk, asked)
    lisbon = {"branch": stage.id("LIS")}
    yield Example("waiting_refunds", "Manager: which refunds wait?", "manager_lis", lisbon)
    approval = {"input": inputs_changes.approval(stage)}
    yield Example("approve_refund", "Manager: approve a refund", "manager_lis", approval)
    paid = {"input": inputs_changes.payout(stage)}
    yield Example("pay_out_refund", "Front desk: pay a refund out", desk, paid)
    yield Example("refund_presets", "Owner: ready refund policies", "owner")
    policy = inputs_changes.simulation(stage)
    yield Example("simulate_policy", "Owner: what if refunds went by list price?", "owner", policy)


def _of_feeds(stage: Stage) -> Iterator[Example]:
    who, beginning = "integrator", {"after": 0}
    yield Example("feed", "Integrator: the journal as a feed", who, beginning)
    yield Example("operation_feed", "Integrator: operations as a feed", who, beginning)
    yield Example("acknowledge", "Integrator: how far I have come", who, {"input": {"position": 0}})
    files = {"input": inputs_systems.connection(stage)}
    yield Example("connect_accounting", "Accountant: connect an accounting system", "accountant", files)


def _of_systems(stage: Stage) -> Iterator[Example]:
    """Where there are systems beside the demo."""
    if stage.knows("Xero"):
        xero = {"connection": stage.id("Xero")}
        yield Example("connections", "Accountant: what is red this morning?", "accountant")
        yield Example("dry_run", "Accountant: what would Xero get?", "accountant", xero)
        mapped = {"input": inputs_systems.mapping(stage)}
        yield Example("map_account", "Accountant: map an account", "accountant", mapped)
        yield Example("webhooks", "Owner: who is told of events?", "owner")
        yield Example("inbound_events", "Owner: what do other systems tell?", "owner")
