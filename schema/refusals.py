"""Refusals of acts as the graph shows them: typed union members with the facts an app needs for its next screen."""

from collections.abc import Callable
from dataclasses import fields
from enum import Enum
from typing import Any, TypeVar

import strawberry
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

import domain.accounting.breakage_errors
import domain.accounting.errors
import domain.accounting.sync.errors
import domain.bookings.errors
import domain.branch_transfers.errors
import domain.branches.errors
import domain.catalog.errors
import domain.customers.errors
import domain.customers.merging_errors
import domain.expiry.errors
import domain.feed.errors
import domain.imports.errors
import domain.inbox.errors
import domain.packages.errors
import domain.payments.closing_errors
import domain.payments.errors
import domain.people.errors
import domain.refunds.deciding_errors
import domain.refunds.errors
import domain.settlements.run_errors
import domain.sharing.errors
import domain.topups.errors
import domain.transfers.errors
import domain.upgrades.errors
import domain.webhooks.errors  # noqa: F401 - importing them makes their refusals known
from domain.kernel import errors, money
from domain.kernel.errors import Refusal
from schema.enums import enum
from schema.scalars import money_of

T = TypeVar("T")


def _all_refusals() -> list[type[Refusal]]:
    waiting, found = [Refusal], []
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return [kind for kind in found if "code" in kind.__dict__]


_REFUSALS = sorted(_all_refusals(), key=lambda kind: kind.code)
_CODES = Enum("ErrorCode", {kind.code: kind.code for kind in _REFUSALS})  # type: ignore[misc]
ErrorCode = enum(
    _CODES,
    description="The code of every refusal there is.",
    **{kind.code: (kind.__doc__ or "").partition("\n")[0] for kind in _REFUSALS},
)


@strawberry.interface(description="Why an act was refused. Nothing was written; the other fields are the facts.")
class UserError:
    """What every refusal says."""

    code: str = strawberry.field(graphql_type=ErrorCode, description="The refusal, for programs.")
    message: str = strawberry.field(description="One sentence for people: what is so and what to do.")
    path: list[str] = strawberry.field(description="The input field it is about, outermost first; empty for all.")


_HANDLERS: list[strawberry.ExceptionHandler[Any]] = []


def refusal(exception: type[Refusal]) -> Callable[[type[T]], type[T]]:
    """Make a class the graph's type of a refusal; its fields are taken from the refusal's attributes by name."""

    def declare(cls: type[T]) -> type[T]:
        declared = strawberry.type(cls, description=exception.__doc__)
        _HANDLERS.append(_handler(exception, declared))
        return declared

    return declare


def _handler(exception: type[Refusal], declared: type[Any]) -> strawberry.ExceptionHandler[Any]:
    facts = [field.name for field in fields(declared) if field.init and field.name not in ("code", "message", "path")]

    class Handler:
        exception_type = exception
        error_type = declared

        def handle(self, exception: Refusal, *, field: StrawberryField, info: Info) -> Any:  # noqa: ARG002
            said = {name: _shown(getattr(exception, name)) for name in facts}
            return declared(code=_CODES[exception.code], message=exception.message, path=list(exception.path), **said)

    return Handler()


def _shown(fact: Any) -> Any:
    return money_of(fact.amount_minor, fact.currency) if isinstance(fact, money.Money) else fact


def exception_handlers() -> list[strawberry.ExceptionHandler[Any]]:
    """A handler for every refusal that has a type; Strawberry applies it where the field's union has that type."""
    return list(_HANDLERS)


@strawberry.type(description="One bad field of an input.")
class FieldProblem:
    """Where it is and what is wrong with it."""

    path: list[str] = strawberry.field(description="The field, outermost first.")
    message: str = strawberry.field(description="What is wrong with it, in one sentence.")


@refusal(errors.InvalidInput)
class InvalidInput(UserError):
    """All the bad fields at once."""

    problems: list[FieldProblem] = strawberry.field(description="Every bad field, in the order of the input.")


@refusal(errors.NotFound)
class NotFound(UserError):
    """Unknown, malformed and foreign ids alike."""

    noun: str = strawberry.field(description="What was looked for.")
    id: strawberry.ID = strawberry.field(description="The id as it was sent.")


@refusal(errors.ApproverIsRequester)
class ApproverIsRequester(UserError):
    """Two people are needed."""

    requested_by: strawberry.ID = strawberry.field(
        description="The user or API key that asked for it; who made the key does not approve either."
    )
