"""run_command: idempotency → transaction → lock → decide → post → operation row → commit, for every act."""

import hashlib
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar, get_type_hints

import orjson
from pydantic import TypeAdapter

from domain.kernel import clock
from domain.kernel.access import POLICIES, Actor, Principal, authorise, refuse_outright
from domain.kernel.db import IntegrityError, forget_overwritten, insert, retrying, rows, transaction
from domain.kernel.denials import note
from domain.kernel.errors import FieldProblem, Forbidden, IdempotencyMismatch, InvalidInput, Refusal
from domain.kernel.ids import new_id

Outcome = TypeVar("Outcome")

_ATTEMPTS = 5
"""How often an act is tried again when others take, one after the other, what it wanted to write."""

_KNOWN_AS = "(SELECT w.id FROM customer w WHERE w.id = $2 OR w.merged_into_id = $2)"
"""A customer's keys are also those of who was merged into them; who follows in a merge names the one who stays."""


@dataclass(slots=True)
class Work:
    """One attempt to carry out one act: who, when, and whether it was authorised and recorded."""

    actor: Actor
    act: str
    idempotency_key: str | None
    input_hash: str | None
    now: datetime = field(default_factory=clock.now)
    operation_id: str = field(default_factory=partial(new_id, "op"))
    authorised: bool = False
    recorded: bool = False
    erases: bool = False
    """Whether what the act overwrites is to leave the files of the database too, once it has committed."""

    @property
    def chain_id(self) -> str:
        """The tenant of the actor, and so of everything the act may touch."""
        return self.actor.chain_id

    def authorise(self, branch_id: str | None, customer_id: str | None = None) -> None:
        """Refuse unless the policy table lets the actor do this at the branch (None: chain-wide), or for himself."""
        authorise(self.actor, self.act, branch_id, customer_id)
        self.authorised = True

    def leave_no_operation(self) -> None:
        """The act is no business of the chain's: what it writes says by itself who did it and when."""
        assert not self.recorded
        self.recorded = True

    def another(self, act: str | None = None) -> "Work":
        """One more operation of the act, or of one it stands for: each package that changes gets one of its own."""
        assert self.authorised
        act = act or self.act
        return replace(self, act=act, idempotency_key=None, operation_id=new_id("op"), recorded=False)


@dataclass(frozen=True, slots=True)
class Done(Generic[Outcome]):
    """An act that was carried out, now or under the same idempotency key before."""

    outcome: Outcome
    operation_id: str
    replayed: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the operation row says besides who, when and which key."""

    outcome: Any
    effective_at: datetime | None = None
    branch_id: str | None = None
    package_id: str | None = None
    package_version: int | None = None
    customer_id: str | None = None
    reason: str = ""
    reverses: str | None = None


@dataclass(frozen=True, slots=True)
class _Act:
    name: str
    carry_out: Callable[[Work, Any], Awaitable[Any]]
    outcome: TypeAdapter[Any]


_ACTS: dict[type, _Act] = {}

C = TypeVar("C")
F = Callable[[Work, C], Awaitable[Outcome]]


def act(function: F[C, Outcome]) -> F[C, Outcome]:
    """Register an act under its own name, by the type of its command; its policy stands in `access.POLICIES`."""
    name = function.__name__
    assert name in POLICIES, f"{name} has no policy in domain/kernel/access.py"
    hints = get_type_hints(function)
    command = hints[list(inspect.signature(function).parameters)[1]]
    _ACTS[command] = _Act(name, function, TypeAdapter(hints["return"]))
    return function


async def run_command(actor: Actor, command: Any, idempotency_key: str | None = None) -> Done[Any]:
    """Carry out the act of this command once, however often and however concurrently it is asked for.

    The same key and input again give the first outcome with `replayed`; other input raises IdempotencyMismatch;
    what the act refuses is raised as its Refusal, and nothing is written.
    """
    chosen, digest = _ACTS[type(command)], _digest(command)
    async with _noting(actor):
        refuse_outright(actor, chosen.name)
    _refuse_bad_key(idempotency_key)
    for _ in range(_ATTEMPTS):
        try:
            return await _carry_out(chosen, actor, command, idempotency_key, digest)
        except (Refusal, IntegrityError) as error:
            earlier = await _earlier(chosen, actor, idempotency_key, digest)
            if earlier is not None:
                return earlier
            if isinstance(error, Forbidden):
                await note(actor, [error])
            if isinstance(error, Refusal):
                raise
            conflict = error
        # Another transaction took a unique code or reference first: now its row is there to be refused by name.
    raise conflict


@asynccontextmanager
async def _noting(actor: Actor) -> AsyncIterator[None]:
    """Whatever is denied in the block is written down, after the transaction that the block may have opened."""
    try:
        yield
    except Forbidden as denied:
        await note(actor, [denied])
        raise


async def run_together(actor: Actor, commands: Sequence[Any]) -> list[Any]:
    """Carry out several commands in one transaction, each an operation of its own, and return their outcomes.

    For bulk work, where a commit for each would take most of the time. When one is refused, none is carried out.
    """

    async def attempt() -> list[Any]:
        async with transaction():
            return [await _alone(actor, command) for command in commands]

    async with _noting(actor):
        return await retrying(attempt)


async def _alone(actor: Actor, command: Any) -> Any:
    chosen = _ACTS[type(command)]
    return await _perform(chosen, Work(actor, chosen.name, None, _digest(command)), command)


async def carried_out(actor: Actor, command: Any, idempotency_key: str | None) -> Done[Any] | None:
    """What this command did under the key before, for work too long for one act that begins with this command.

    Refuses who may not do it anywhere in the chain; other input under the key raises IdempotencyMismatch.
    """
    _refuse_bad_key(idempotency_key)
    chosen = _ACTS[type(command)]
    async with _noting(actor):
        authorise(actor, chosen.name, None)
    return await _earlier(chosen, actor, idempotency_key, _digest(command))


def _digest(command: Any) -> str:
    return hashlib.sha256(orjson.dumps(command, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _refuse_bad_key(key: str | None) -> None:
    if key is None or (8 <= len(key) <= 255 and key.isprintable()):
        return
    raise InvalidInput(FieldProblem(("idempotencyKey",), "idempotencyKey is 8 to 255 printable characters."))


async def _carry_out(chosen: _Act, actor: Actor, command: Any, key: str | None, digest: str) -> Done[Any]:
    async def attempt() -> tuple[Work, Any]:
        async with transaction():
            work = Work(actor, chosen.name, key, digest)
            return work, await _perform(chosen, work, command)

    work, outcome = await retrying(attempt)
    if work.erases:
        await forget_overwritten()
    return Done(outcome, work.operation_id, replayed=False)


async def _perform(chosen: _Act, work: Work, command: Any) -> Any:
    outcome = await chosen.carry_out(work, command)
    assert work.authorised and work.recorded, f"{chosen.name} must authorise and record"
    return outcome


async def _earlier(chosen: _Act, actor: Actor, key: str | None, digest: str) -> Done[Any] | None:
    if key is None:
        return None
    found = await _under(chosen, actor, key)
    if found is not None and found["input_hash"] != digest:
        raise IdempotencyMismatch(key)
    return _replayed(chosen, found)


async def done_under(actor: Actor, kind: type, key: str) -> Done[Any] | None:
    """What a command of this kind did under the key before, whatever its input was."""
    chosen = _ACTS[kind]
    return _replayed(chosen, await _under(chosen, actor, key))


async def _under(chosen: _Act, actor: Actor, key: str) -> dict[str, Any] | None:
    known_as = _KNOWN_AS if actor.kind is Principal.CUSTOMER else "($2)"
    found = await rows(
        f"""SELECT id, input_hash, outcome FROM operation
        WHERE chain_id = $1 AND principal_id IN {known_as} AND act = $3 AND idempotency_key = $4
        ORDER BY CASE WHEN principal_id = $2 THEN 0 ELSE 1 END, seq LIMIT 1""",
        actor.chain_id,
        actor.id,
        chosen.name,
        key,
    )
    return found[0] if found else None


def _replayed(chosen: _Act, row: dict[str, Any] | None) -> Done[Any] | None:
    if row is None:
        return None
    return Done(chosen.outcome.validate_python(row["outcome"]), row["id"], replayed=True)


async def record(work: Work, recorded: Recorded) -> None:
    """Write the act's row in the audit log; everything else it writes refers to it."""
    await record_together([(work, recorded)])


async def record_together(acts: Sequence[tuple[Work, Recorded]]) -> None:
    """Write the rows of several operations at once."""
    for work, _ in acts:
        assert not work.recorded, "an operation is recorded once"
        work.recorded = True
    await insert("operation", [_record(work, recorded) for work, recorded in acts])


def _record(work: Work, recorded: Recorded) -> dict[str, Any]:
    return {
        "id": work.operation_id,
        "chain_id": work.chain_id,
        "act": work.act,
        "principal": work.actor.kind.value,
        "principal_id": work.actor.id,
        "branch_id": recorded.branch_id,
        "package_id": recorded.package_id,
        "package_version": recorded.package_version,
        "customer_id": recorded.customer_id,
        "effective_at": recorded.effective_at or work.now,
        "recorded_at": work.now,
        "reason": recorded.reason,
        "idempotency_key": work.idempotency_key,
        "input_hash": work.input_hash,
        "outcome": orjson.dumps(recorded.outcome).decode(),
        "reverses": recorded.reverses,
    }
