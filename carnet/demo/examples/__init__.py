"""Examples to run in GraphiQL, one or two for each kind of user; the documents lie beside this module."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from pathlib import Path

import orjson

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
    ana, physio = stage.id("ana"), stage.id("ana's physio")
    yield Example("my_packages", "Mobile app: my packages", "customer")
    yield Example("why_this_balance", "Mobile app: why this balance?", "customer", {"package": physio})
    yield Example("book", "Mobile app: book a massage", "customer", {"input": _booking(stage)})
    find = {"phone": "922 925 005", "customer": ana}
    yield Example("find_customer", "Front desk: who is calling?", "frontdesk_lis", find)
    yield Example("redeem", "Front desk: redeem a session", "frontdesk_lis", {"input": _redemption(stage)})
    days = {"branch": stage.id("LIS"), "from": stage.past.day(-2), "until": stage.past.day(5)}
    yield Example("branch_days", "Front desk: the visits of these days", "frontdesk_lis", days)
    yield Example("sell", "Manager: sell a package", "manager_lis", {"input": _sale(stage)})
    yield Example("call_these", "Manager: whose package runs out?", "manager_mad")
    define = {"input": _definition(stage), "branch": stage.id("LIS")}
    yield Example("define", "Owner: define a package", "owner", define)
    yield Example("trial_balance", "Accountant: trial balance", "accountant")
    yield Example("journal", "Accountant: journal entries", "accountant", {"package": physio})
    yield Example("operations", "Integrator: operations", "integrator")


def _redemption(stage: Stage) -> dict[str, str]:
    return {
        "customerId": stage.id("ana"),
        "serviceId": stage.id("PHY45"),
        "branchId": stage.id("LIS"),
        "practitionerId": stage.id("paulo"),
        "idempotencyKey": "graphiql-redeem-1",
    }


def _booking(stage: Stage) -> dict[str, object]:
    start = stage.past.local(8, time(18))
    return {
        "customerId": stage.id("ana"),
        "serviceId": stage.id("MAS60"),
        "branchId": stage.id("LIS"),
        "starts": [{"local": start.isoformat(timespec="minutes")}],
        "idempotencyKey": f"graphiql-book-{start.date()}",
    }


def _sale(stage: Stage) -> dict[str, object]:
    return {
        "definitionId": stage.id("PHY10"),
        "customerId": stage.id("clara"),
        "branchId": stage.id("LIS"),
        "payments": [{"method": "CARD", "amount": {"amount": "200.00", "currency": "EUR"}}],
        "idempotencyKey": "graphiql-sell-1",
    }


def _definition(stage: Stage) -> dict[str, object]:
    return {
        "code": "PHY5",
        "name": "Physio 5-pack",
        "items": [{"services": [stage.id("PHY45")], "paid": 5}],
        "price": {"amount": "235.00", "currency": "EUR"},
        "validity": {"days": 120, "expiry": "SOFT", "graceDays": 7},
    }
