"""Bearer tokens: JWTs of our own (HS256) or of an OIDC issuer (RS256, ES256), by configuration."""

from dataclasses import dataclass
from datetime import timedelta

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey
from joserfc.jws import extract_compact
from joserfc.jwt import JWTClaimsRegistry

from domain.kernel.access import Principal
from domain.kernel.clock import now
from domain.kernel.errors import Unauthenticated
from schema.issuer_keys import IssuerKeys
from schema.token_settings import TokenSettings

_CHAIN_CLAIM = "chain"
_KIND_CLAIM = "kind"
_KINDS = {kind.value: kind for kind in (Principal.STAFF, Principal.CUSTOMER)}


@dataclass(frozen=True, slots=True)
class Claims:
    """Whom a valid token stands for."""

    subject: str
    chain_id: str
    kind: Principal


def issue(settings: TokenSettings, *, subject: str, chain_id: str, kind: Principal, lifetime: timedelta) -> str:
    """A signed token; only our own secret can sign, an OIDC issuer signs for itself."""
    if settings.algorithm != "HS256":
        raise ValueError(f"Tokens signed with {settings.algorithm} come from the issuer.")
    issued = now()
    claims = {
        "iss": settings.issuer,
        "aud": settings.audience,
        "sub": subject,
        _CHAIN_CLAIM: chain_id,
        _KIND_CLAIM: kind.value,
        "iat": int(issued.timestamp()),
        "exp": int((issued + lifetime).timestamp()),
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(settings.secret), ["HS256"])


class TokenVerifier:
    """Checks tokens against one configuration; make one per process, it keeps the issuer's keys."""

    def __init__(self, settings: TokenSettings, http: httpx2.AsyncClient | None = None) -> None:
        self._algorithms = [settings.algorithm]
        self._secret = OctKey.import_key(settings.secret) if settings.algorithm == "HS256" else None
        self._issuer_keys = IssuerKeys(settings.jwks_url, http or httpx2.AsyncClient())
        self._expected = JWTClaimsRegistry(
            now=lambda: int(now().timestamp()),
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    async def verify(self, token: str) -> Claims:
        """Whom the token stands for; raises Unauthenticated for whatever is wrong with it."""
        try:
            keys = self._secret or await self._issuer_keys.including(_kid(token))
            return self._claims(token, keys)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            # One sentence for all of them: a guesser learns nothing from the difference.
            raise Unauthenticated("The token is malformed, expired or not one of ours.") from error

    def _claims(self, token: str, keys: OctKey | KeySet) -> Claims:
        claims = jwt.decode(token, keys, self._algorithms).claims
        self._expected.validate(claims)
        return Claims(claims["sub"], str(claims[_CHAIN_CLAIM]), _KINDS[claims[_KIND_CLAIM]])


def _kid(token: str) -> str | None:
    kid = extract_compact(token.encode()).headers().get("kid")
    return kid if isinstance(kid, str) else None
