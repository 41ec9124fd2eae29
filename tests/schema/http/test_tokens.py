"""A token counts only if this configuration's issuer signed it, for this audience, and it is in time."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from domain.kernel.access import Principal
from domain.kernel.errors import Unauthenticated, Unavailable
from schema.token_settings import TokenSettings
from schema.tokens import Claims, TokenVerifier, issue

pytestmark = pytest.mark.anyio

SECRET = "a secret of the tests, 32 characters or more"
OURS = TokenSettings(secret=SECRET)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "iss": "carnet",
    "aud": "carnet",
    "sub": "stf_1",
    "chain": "chn_1",
    "kind": "STAFF",
    "exp": int(NOON.timestamp()) + 60,
}


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def signed(claims: dict[str, Any], secret: str = SECRET, **header: str) -> str:
    return jwt.encode({"alg": "HS256", **header}, claims, OctKey.import_key(secret), ["HS256"])


def part(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def forged(header: dict[str, str], key: bytes | None = None) -> str:
    """A token put together by hand, as no library would do it."""
    signed_part = f"{part(json.dumps(header).encode())}.{part(json.dumps(GOOD).encode())}"
    signature = hmac.digest(key, signed_part.encode(), "sha256") if key else b""
    return f"{signed_part}.{part(signature)}"


async def test_a_token_we_issue_stands_for_its_subject() -> None:
    token = issue(OURS, subject="stf_1", chain_id="chn_1", kind=Principal.STAFF, lifetime=timedelta(hours=1))
    assert await TokenVerifier(OURS).verify(token) == Claims("stf_1", "chn_1", Principal.STAFF)


async def test_a_token_counts_to_the_last_second_and_not_after() -> None:
    verifier, token = TokenVerifier(OURS), signed(GOOD)
    with time_machine.travel(NOON + timedelta(seconds=59), tick=False):
        assert (await verifier.verify(token)).subject == "stf_1"
    with time_machine.travel(NOON + timedelta(seconds=60), tick=False), pytest.raises(Unauthenticated):
        await verifier.verify(token)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="nothing"),
        pytest.param("garbage", id="garbage"),
        pytest.param("a.b.c", id="three letters"),
        pytest.param("é.ü.ß", id="not ASCII"),
        pytest.param(forged({"alg": "none"}), id="algorithm none"),
        pytest.param(signed(GOOD)[:-2], id="a shortened signature"),
        pytest.param(signed(GOOD, secret="another secret, also of 32 characters"), id="another secret"),
        pytest.param(signed(GOOD | {"aud": "other"}), id="another audience"),
        pytest.param(signed(GOOD | {"iss": "other"}), id="another issuer"),
        pytest.param(signed(GOOD | {"nbf": GOOD["exp"]}), id="not yet"),
        pytest.param(signed(GOOD | {"exp": "soon"}), id="an expiry that is no number"),
        pytest.param(signed(GOOD | {"sub": ["stf_1"]}), id="a subject that is no text"),
        pytest.param(signed(GOOD | {"kind": "GHOST"}), id="an unknown kind"),
        *(pytest.param(signed({k: v for k, v in GOOD.items() if k != claim}), id=f"no {claim}") for claim in GOOD),
    ],
)
async def test_anything_else_is_nobody(token: str) -> None:
    with pytest.raises(Unauthenticated):
        await TokenVerifier(OURS).verify(token)


@pytest.mark.parametrize("kind", [Principal.SYSTEM, Principal.INTEGRATION])
async def test_a_token_never_stands_for_carnet_itself_or_for_an_api_key(kind: Principal) -> None:
    with pytest.raises(Unauthenticated):
        await TokenVerifier(OURS).verify(signed(GOOD | {"kind": kind.value}))


class Issuer:
    """An OIDC issuer: signs with its newest key, serves all public ones, counts who asks."""

    def __init__(self, *keys: RSAKey | ECKey) -> None:
        self.keys, self.asked, self.down = list(keys), 0, False
        self.http = httpx2.AsyncClient(transport=httpx2.MockTransport(self._serve))

    def _serve(self, _: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        if self.down:
            return httpx2.Response(503)
        return httpx2.Response(200, json=KeySet(list(self.keys)).as_dict(private=False))

    def sign(self, algorithm: str, claims: dict[str, Any] = GOOD) -> str:
        key = self.keys[-1]
        header = {"alg": algorithm, "kid": str(key.kid)}
        return jwt.encode(header, claims, key, [algorithm])

    def verifier(self, algorithm: Any) -> TokenVerifier:
        settings = TokenSettings(algorithm=algorithm, jwks_url="https://issuer.test/jwks")
        return TokenVerifier(settings, self.http)


RSA = RSAKey.generate_key(2048, parameters={"kid": "rsa"})
EC = ECKey.generate_key("P-256", parameters={"kid": "ec"})
EC_NEXT = ECKey.generate_key("P-256", parameters={"kid": "ec-next"})


@pytest.mark.parametrize(("algorithm", "key"), [("RS256", RSA), ("ES256", EC)])
async def test_an_issuers_token_counts_and_its_keys_are_fetched_once(algorithm: str, key: RSAKey | ECKey) -> None:
    issuer = Issuer(key)
    verifier = issuer.verifier(algorithm)
    for _ in range(3):
        assert (await verifier.verify(issuer.sign(algorithm))).chain_id == "chn_1"
    assert issuer.asked == 1


async def test_a_token_signed_with_the_issuers_public_key_as_if_it_were_a_secret_is_nobodys() -> None:
    issuer = Issuer(RSA)
    token = forged({"alg": "HS256", "kid": "rsa"}, RSA.as_pem(private=False))
    with pytest.raises(Unauthenticated):
        await issuer.verifier("RS256").verify(token)


async def test_the_algorithm_of_the_configuration_is_the_only_one() -> None:
    issuer = Issuer(RSA, EC)
    with pytest.raises(Unauthenticated):
        await issuer.verifier("RS256").verify(issuer.sign("ES256"))


async def test_a_new_key_is_fetched_when_a_token_names_it_but_at_most_once_a_minute() -> None:
    issuer = Issuer(EC)
    verifier = issuer.verifier("ES256")
    await verifier.verify(issuer.sign("ES256"))
    issuer.keys.append(EC_NEXT)
    with pytest.raises(Unauthenticated):
        await verifier.verify(issuer.sign("ES256"))
    assert issuer.asked == 1
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        late = issuer.sign("ES256", GOOD | {"exp": GOOD["exp"] + 600})
        assert (await verifier.verify(late)).subject == "stf_1"
    assert issuer.asked == 2


async def test_an_issuer_that_is_down_is_unavailable_until_it_is_back() -> None:
    issuer = Issuer(EC)
    verifier = issuer.verifier("ES256")
    issuer.down = True
    with pytest.raises(Unavailable):
        await verifier.verify(issuer.sign("ES256"))
    issuer.down = False
    with time_machine.travel(NOON + timedelta(seconds=5), tick=False):
        assert (await verifier.verify(issuer.sign("ES256"))).subject == "stf_1"


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32 characters"):
        TokenSettings(secret="short")


def test_only_our_own_secret_signs() -> None:
    settings = TokenSettings(algorithm="RS256", jwks_url="https://issuer.test/jwks", issuer="https://issuer.test")
    with pytest.raises(ValueError, match="Tokens signed with RS256 come from the issuer"):
        issue(settings, subject="s", chain_id="c", kind=Principal.STAFF, lifetime=timedelta(hours=1))
