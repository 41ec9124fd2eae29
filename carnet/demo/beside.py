"""The systems beside the demo: its chain is connected to each of them through the acts, as an owner would do it."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from carnet.demo.chart import FAKED, PLAIN_TEXT, Books
from carnet.demo.harbour import BRANCHES, PLACES
from carnet.demo.stage import FOUNDING, Stage
from domain.accounting.sync.connect_accounting import ConnectAccounting
from domain.accounting.sync.map_account import MapAccount
from domain.inbox.open_inbound_hook import OpenInboundHook
from domain.inbox.rotate_inbound_secret import RotateInboundSecret
from domain.kernel.commands import run_command
from domain.webhooks.register_webhook import RegisterWebhook
from domain.webhooks.rotate_webhook_secret import RotateWebhookSecret


@dataclass(frozen=True, slots=True)
class Hook:
    """Where the scheduler tells of bookings, and what it signs with."""

    path: str
    secret: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What the systems have to know of the demo; it is told to them as JSON."""

    chart: dict[str, dict[str, str]]
    """By system: what each role is called."""
    branches: dict[str, list[str]]
    """By system: what branches are called."""
    webhook_secret: str
    hook: Hook
    booking: dict[str, str]
    """What the scheduler tells of."""


async def connect(stage: Stage, url: str) -> Beside:
    """Connect the chain to what is served below the address, once; secrets are made anew at each start."""
    names = {stage.id(place.code): place.name for place in PLACES}
    for books in (*FAKED, PLAIN_TEXT):
        await _connect(stage, books, url, names)
    return Beside(
        chart={_key(books): {str(role): name for role, name in books.accounts().items()} for books in FAKED},
        branches={_key(books): list(books.branches(names).values()) for books in FAKED},
        webhook_secret=await _webhook(stage, f"{url}/webhook"),
        hook=await _hook(stage),
        booking=_booking(stage),
    )


async def _connect(stage: Stage, books: Books, url: str, branches: dict[str, str]) -> None:
    command = ConnectAccounting(
        books.name,
        books.system,
        books.mode,
        starts_on=stage.past.day(-FOUNDING.days_ago),
        settings={name: value.replace("{url}", url) for name, value in books.settings.items()},
        credentials=books.credentials,
    )
    done = await stage.act_now(f"connection {books.name}", "alice", command)
    connection_id = done.outcome.connection_id
    stage.know(books.name, connection_id)
    mapping = MapAccount(connection_id, books.mapping(branches))
    await stage.act_now(f"mapping {books.name}", "alice", mapping)


async def _webhook(stage: Stage, url: str) -> str:
    command = RegisterWebhook(url, description="Prints what happens")
    done = await stage.act_now("webhook", "beatriz", command)
    anew = RotateWebhookSecret(done.outcome.webhook_id, former_hours=0)
    secret: str = (await run_command(stage.actor("beatriz"), anew)).outcome.secret
    return secret


async def _hook(stage: Stage) -> Hook:
    done = await stage.act_now("inbound hook", "beatriz", OpenInboundHook("Demo scheduler"))
    anew = RotateInboundSecret(done.outcome.hook_id, former_hours=0)
    secret: str = (await run_command(stage.actor("beatriz"), anew)).outcome.secret
    return Hook(f"/hooks/{done.outcome.hook_id}", secret)


def _booking(stage: Stage) -> dict[str, str]:
    """Physiotherapy for Ana, in three days at noon."""
    starts = datetime.combine(stage.past.day(3), time(12), UTC)
    return {
        "serviceId": stage.id("PHY45"),
        "branchId": stage.id(BRANCHES[0]),
        "customerId": stage.id("ana"),
        "startsAt": starts.isoformat(),
    }


def _key(books: Books) -> str:
    return books.system.lower()
