"""The two questions, as Carnet and as the hand-written endpoints are asked them."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import orjson

from domain.kernel.access import Principal
from schema.token_settings import TokenSettings
from schema.tokens import issue
from tests.benchmarks.sample import Sample

READ = """query { viewer { packages(first: 20) { nodes {
    name status balance { available held remaining consumed issued } expiresOn branch { name }
    history(last: 5) { nodes { act effectiveAt sessionsChange } } } } } }"""
REDEEM = """mutation ($input: RedeemSessionInput!) { redeemSession(input: $input) { ... on RedeemSessionPayload {
    redemption { id visitedAt lots { lotId sessions origin bonus } remaining remainingOfService }
    package { status balance { available held remaining consumed issued } } replayed } } }"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One HTTP request."""

    method: str
    path: str
    token: str
    body: bytes = b""

    def wire(self) -> bytes:
        """The request as it goes over the connection."""
        head = f"{self.method} {self.path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {self.token}\r\n"
        if self.body:
            head += f"content-type: application/json\r\ncontent-length: {len(self.body)}\r\n"
        return head.encode() + b"\r\n" + self.body


@dataclass(frozen=True, slots=True)
class Question:
    """The same question to both, endlessly; the marks are in every good answer."""

    name: str
    carnet: Iterator[Asked]
    handwritten: Iterator[Asked]
    mark: bytes


def reading(sample: Sample, tokens: TokenSettings) -> Question:
    """The start page of the mobile app, for one customer after the other."""
    signed = [_token(tokens, sample, customer, Principal.CUSTOMER) for customer in sample.customer_ids]
    body = orjson.dumps({"query": READ})
    return Question(
        "mobile query",
        (Asked("POST", "/graphql", token, body) for token in itertools.cycle(signed)),
        (Asked("GET", "/packages", token) for token in itertools.cycle(signed)),
        mark=b'"sessionsChange":-1',
    )


def redeeming(sample: Sample, tokens: TokenSettings) -> Question:
    """The front desk redeems one session each time, of one package after the other; both take from the same ones."""
    token = _token(tokens, sample, sample.desk_id, Principal.STAFF)
    inputs = map(orjson.dumps, _inputs(sample, sample.package_ids))
    document = orjson.dumps(REDEEM)
    return Question(
        "redeemSession",
        (Asked("POST", "/graphql", token, b'{"query":%b,"variables":{"input":%b}}' % (document, i)) for i in inputs),
        (Asked("POST", "/redemptions", token, each) for each in inputs),
        mark=b'"remainingOfService"',
    )


def _inputs(sample: Sample, package_ids: Sequence[str]) -> Iterator[dict[str, object]]:
    for package_id in itertools.cycle(package_ids):
        yield {
            "packageId": package_id,
            "serviceId": sample.service_id,
            "branchId": sample.branch_id,
            "sessions": 1,
            "idempotencyKey": uuid4().hex,
        }


def _token(tokens: TokenSettings, sample: Sample, subject: str, kind: Principal) -> str:
    return issue(tokens, subject=subject, chain_id=sample.chain_id, kind=kind, lifetime=timedelta(hours=1))
