"""Everybody asks for everything, about what is near, far, hidden and not there: the tables say what they are answered.

What is allowed is carried out in earnest and taken back, so that every question meets the same database.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

import httpx2
import pytest
from tortoise.connection import get_connection

from domain.kernel import commands
from domain.kernel.access import POLICIES, Principal
from domain.kernel.db import transaction
from domain.kernel.db.config import CONNECTION
from domain.kernel.errors import Unavailable
from domain.kernel.reads import READS, Otherwise
from schema.graph import schema
from tests.fixtures.desk import denials
from tests.fixtures.graph import Graph, graph
from tests.fixtures.package_acts import mutation
from tests.fixtures.permission_acts import INPUTS, LATER, PARTLY_SEEN
from tests.fixtures.permission_askers import ALLOWED, AS_ABSENT, DENIED, FORBIDDEN, Asker, everybody
from tests.fixtures.permission_places import There, nowhere, places
from tests.fixtures.permission_reads import AS, CHAIN_WIDE, ELSEWHERE, QUESTIONS
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

_ROOTS = (schema._schema.query_type, schema._schema.mutation_type)
_REQUESTS = [list(QUESTIONS)[first : first + 10] for first in range(0, len(QUESTIONS), 10)]
"""What can be asked in one request."""
_NOISE = re.compile(r'"(requestId":"\w+"|currentlyAvailable":\d+)')
_EXPIRES = re.compile(r"20\d\d-\d\d-\d\dT[\d:.]+Z")


@asynccontextmanager
async def _taken_back() -> AsyncIterator[None]:
    """A transaction in which everything is done and nothing is kept."""
    async with transaction():
        yield
        raise Unavailable("taken back")


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda letter: f"_{letter[1].lower()}", name)


def _outcome(response: httpx2.Response) -> str:
    """FORBIDDEN, the type of a refusal, or DONE for what was carried out."""
    body = response.json()
    if "errors" in body:
        (error,) = body["errors"]
        code: str = error["extensions"]["code"]
        return "DONE" if code == "UNAVAILABLE" else code
    (answer,) = body["data"].values()
    kind: str = answer["__typename"]
    return "DONE" if kind.endswith("Payload") else kind


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of it, the whole answer without ids, and the one about what is absent."""

    found: str
    text: str
    absent: str

    def is_right(self, name: str, expected: str) -> bool:
        """Whether it is as expected; what is hidden is answered as what is absent, byte for byte."""
        denied = self.found == FORBIDDEN and f"{name} needs {POLICIES[_snake(name)].needs}." in self.text
        hidden = self.found != "DONE" and self.text == self.absent
        right = {
            ALLOWED: self.found in ("DONE", *LATER.get(name, ())),
            FORBIDDEN: denied or (self.found == "NotFound" and hidden),
            AS_ABSENT: hidden,
            DENIED: denied or hidden,
        }
        return right[expected]


@dataclass(slots=True)
class _Findings:
    """What was answered otherwise than the tables say, and how often somebody was denied something."""

    surprises: list[str] = field(default_factory=list)
    denied: int = 0


async def _ask_about_everything(
    app: Graph, name: str, asker: tuple[str, Asker], there: Mapping[str, There], findings: _Findings
) -> None:
    """One mutation by one asker, about the nearest place only where it is about none or allowed nowhere."""
    policy, (who, asks) = POLICIES[_snake(name)], asker
    given = {at: INPUTS[name](place) for at, place in there.items()}
    nowhere = asks.expected(policy, "own", there) == FORBIDDEN
    absent = ""
    for at in ("own",) if nowhere or given["foreign"] == given["absent"] else ("absent", "foreign", "own", "other"):
        response = await app.post(asks.credentials, _document(name), input=given[at])
        text = there[at].hidden(_NOISE.sub("", response.text))
        absent = text if name in PARTLY_SEEN and at == "other" else absent or text
        answer, expected = _Answer(_outcome(response), text, absent), asks.expected(policy, at, there)
        findings.denied += answer.found == FORBIDDEN
        if not answer.is_right(name, expected):
            findings.surprises.append(f"{name} by {who} about {at}: expected {expected}, found {text[:300]}")


@cache
def _document(name: str) -> str:
    return mutation(name, "__typename")


def test_there_is_an_input_for_every_mutation_and_a_question_for_every_field_of_reading() -> None:
    assert _ROOTS[1] is not None and _ROOTS[0] is not None
    assert set(INPUTS) == set(_ROOTS[1].fields), "give tests/fixtures/permission_acts.py one line for each mutation"
    assert set(QUESTIONS) == set(_ROOTS[0].fields), "give tests/fixtures/permission_reads.py one line for each field"
    assert set(READS) >= set(QUESTIONS), "say in domain/kernel/reads.py who may read it"


async def test_everybody_may_do_what_the_table_says_and_a_denial_writes_nothing_else(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, there = await places(db)
    askers = await everybody(house)
    monkeypatch.setattr(commands, "transaction", _taken_back)
    before, findings = await denials(), _Findings()
    async with graph() as app, unchanged():
        for name, asker in product(INPUTS, _asking(askers)):
            await _ask_about_everything(app, name, asker, there, findings)
    assert not findings.surprises, "\n".join(findings.surprises)
    assert await denials() == before + findings.denied


def _asking(askers: Mapping[str, Asker]) -> list[tuple[str, Asker]]:
    """All of them; on PostgreSQL, where each question takes longer, some of every kind."""
    everybody = list(askers.items())
    return everybody if get_connection(CONNECTION).capabilities.dialect == "sqlite" else everybody[::3]


async def test_everybody_reads_what_the_table_says(db: str) -> None:
    house, there = await places(db)
    askers = await everybody(house)
    surprises: list[str] = []
    async with graph() as app, unchanged():
        await app.errors(house.desk_lis, "{ denials { nodes { id } } }")
        for who, asker in askers.items():
            for names in _REQUESTS:
                told = {at: await _told(app, asker, names, there[at]) for at in there}
                assert told["foreign"] == told["absent"], who
                for name, at in product(names, ("own", "other")):
                    expected, found = _readable(name, asker, at, there), _shown(told[at], name)
                    if found != expected:
                        surprises.append(f"{name} by {who} about {at}: expected {expected}, found {found}")
    assert not surprises, "\n".join(surprises)


async def _told(app: Graph, asker: Asker, names: Sequence[str], there: There) -> str:
    """The answer to several questions at once, without the ids and what differs from request to request."""
    asked = " ".join(f"{name}{QUESTIONS[name](there)}" for name in names)
    response = await app.post(asker.credentials, f"{{ {asked} }}")
    return _EXPIRES.sub("", there.hidden(_NOISE.sub('"":""', response.text)))


def _shown(told: str, name: str) -> str:
    """Whether there was anything in the answer, or why not."""
    body = json.loads(told)
    assert "data" in body, told
    codes = {error["path"][0]: error["extensions"]["code"] for error in body.get("errors", [])}
    if name in codes:
        return str(codes[name])
    return ALLOWED if _anything(body["data"][name]) else "NOTHING"


def _anything(shown: Any) -> bool:
    if isinstance(shown, dict):
        return any(_anything(each) for each in shown.values())
    return any(_anything(each) for each in shown) if isinstance(shown, list) else shown is not None


def _readable(name: str, asker: Asker, at: str, there: Mapping[str, There]) -> str:
    """What the table says of an asker and what there is at a place."""
    read = READS[AS.get(name, name)]
    line = QUESTIONS[name]
    if read is None:
        return ALLOWED
    if read.household and there[at].relative == asker.actor.id:
        return ALLOWED
    somewhere = read.policy.lets(asker.actor) or (read.policy.customers and asker.actor.kind is Principal.CUSTOMER)
    about_no_place = name in CHAIN_WIDE or line(there["foreign"]) == line(there["absent"])
    if about_no_place and somewhere:
        return ALLOWED
    if asker.expected(read.policy, "other" if name in ELSEWHERE else at, there) == ALLOWED:
        return ALLOWED
    return "NOTHING" if somewhere or read.otherwise is Otherwise.NOTHING else FORBIDDEN


async def test_who_has_not_signed_in_does_and_reads_nothing(sqlite_db: str) -> None:
    absent = nowhere()
    async with graph() as app, unchanged():
        for name, line in INPUTS.items():
            body = {"query": mutation(name, "__typename"), "variables": {"input": line(absent)}}
            assert _code(await app.http.post("/graphql", json=body)) == "UNAUTHENTICATED", name
        for name, question in QUESTIONS.items():
            body = {"query": f"{{ {name}{question(absent)} }}"}
            assert _code(await app.http.post("/graphql", json=body)) == "UNAUTHENTICATED", name
    assert await denials() == 0


def _code(response: httpx2.Response) -> str:
    (error,) = response.json()["errors"]
    return str(error["extensions"]["code"])
