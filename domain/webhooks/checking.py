"""What acts about webhooks check in common."""

from collections.abc import Sequence
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.addresses import MayNotBeCalled, check_url, target
from domain.kernel.checks import Checks
from domain.kernel.commands import Done, Work, carried_out, run_command
from domain.kernel.errors import FieldProblem, InvalidInput, NotFound
from domain.webhooks import store
from domain.webhooks.errors import WebhookRemoved
from domain.webhooks.events import SENTENCES
from domain.webhooks.view import WebhookView

_LONGEST_URL = 1000


async def locked(work: Work, webhook_id: str) -> WebhookView:
    """The webhook, locked; refuses NotFound, WebhookRemoved."""
    webhook = await store.lock(work, webhook_id)
    if webhook is None:
        raise NotFound("webhook", webhook_id, "webhookId")
    if webhook.removed_at is not None:
        raise WebhookRemoved(webhook.id, webhook.removed_at)
    return webhook


def url(checks: Checks, given: str) -> str:
    """The URL, as far as its form tells whether it may be called."""
    checks.that(len(given) <= _LONGEST_URL, f"url holds at most {_LONGEST_URL} characters.", "url")
    try:
        target(given)
    except MayNotBeCalled as reason:
        checks.that(False, _sentence(reason), "url")
    return given


def types(checks: Checks, given: Sequence[str]) -> tuple[str, ...]:
    """The names of events, each once."""
    for index, name in enumerate(given):
        checks.that(name in SENTENCES, f"There is no event {name!r}.", "eventTypes", str(index))
    return tuple(sorted(set(given)))


async def run_checked(actor: Actor, command: object, url: str | None) -> Done[Any]:
    """Carry out an act by which a URL is kept, once what it means was looked up: that waits for others, outside of it.

    Who may not is refused before anything is looked up.
    """
    await carried_out(actor, command, None)
    if url is not None:
        try:
            await check_url(url)
        except MayNotBeCalled as reason:
            raise InvalidInput(FieldProblem(("url",), _sentence(reason))) from reason
    return await run_command(actor, command)


def _sentence(reason: MayNotBeCalled) -> str:
    return f"url {reason}. Give an https address that everybody on the internet can reach."
