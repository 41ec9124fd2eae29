"""Links that hand a report over to whoever has them, for a quarter of an hour and without other credentials.

Everything is in the signed link itself, so any process that knows the secret can answer it.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry

from domain.kernel.access import Principal
from domain.kernel.clock import now
from domain.ledger.accounts import PaymentMethod
from domain.reports.profit_store import GroupBy
from domain.reports.tables.registry import Report
from domain.reports.tables.table import Asked

LIFETIME: Final = timedelta(minutes=15)
PATH: Final = "/downloads"
_AUDIENCE = "download"
_PURPOSE = b"carnet: links of downloads"
_READ: dict[str, Callable[[str], Any]] = {
    "first_day": date.fromisoformat,
    "last_day": date.fromisoformat,
    "payment_method": PaymentMethod,
    "group_by": GroupBy,
    "as_of": datetime.fromisoformat,
}
"""How a part of what is asked is read from its text; all others are texts."""


class LinkUnknown(Exception):
    """The link is none of ours, or not as we gave it."""

    def __init__(self) -> None:
        super().__init__("There is no such download. Ask for a link with the query reportDownload.")


class LinkExpired(Exception):
    """The link was ours, and its time is over."""

    def __init__(self) -> None:
        super().__init__("The link has expired. Ask for another one with the query reportDownload.")


@dataclass(frozen=True, slots=True)
class Download:
    """What a link hands over, and to whom it was given."""

    principal: Principal
    principal_id: str
    chain_id: str
    report: Report
    asked: Asked


@dataclass(frozen=True, slots=True)
class Link:
    """Where a report can be fetched, and until when."""

    url: str
    expires_at: datetime


class Links:
    """Makes links and reads them; the secret is not asked for before the first."""

    def __init__(self, secret: Callable[[], str], public_url: str = "") -> None:
        self._secret, self._public_url = secret, public_url

    def made(self, download: Download, reached_at: str) -> Link:
        """A link to the download, at the public address, or else at the one where Carnet was reached just now."""
        expires = (now() + LIFETIME).replace(microsecond=0)
        claims = {
            "aud": _AUDIENCE,
            "exp": int(expires.timestamp()),
            "kind": download.principal.value,
            "sub": download.principal_id,
            "chain": download.chain_id,
            "report": download.report.value,
            "asked": _told(download.asked),
        }
        token = jwt.encode({"alg": "HS256"}, claims, self._key, ["HS256"])
        return Link(f"{(self._public_url or reached_at).rstrip('/')}{PATH}/{token}", expires)

    def opened(self, token: str) -> Download:
        """What the link hands over; refuses one that is not ours, and one whose time is over."""
        expected = JWTClaimsRegistry(
            now=lambda: int(now().timestamp()),
            aud={"essential": True, "value": _AUDIENCE},
            exp={"essential": True},
        )
        try:
            claims = jwt.decode(token, self._key, ["HS256"]).claims
            expected.validate(claims)
            return _download(claims)
        except ExpiredTokenError as error:
            raise LinkExpired from error
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise LinkUnknown from error

    @cached_property
    def _key(self) -> OctKey:
        """A key for nothing but links: no token that it signs can sign anybody in."""
        return OctKey.import_key(hmac.digest(self._secret().encode(), _PURPOSE, "sha256"))


def _told(asked: Asked) -> dict[str, str]:
    given = {field.name: getattr(asked, field.name) for field in fields(asked)}
    return {name: _text(value) for name, value in given.items() if value is not None}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _download(claims: dict[str, Any]) -> Download:
    told: dict[str, str] = claims["asked"]
    return Download(
        principal=Principal(claims["kind"]),
        principal_id=claims["sub"],
        chain_id=claims["chain"],
        report=Report(claims["report"]),
        asked=Asked(**{name: _READ.get(name, str)(text) for name, text in told.items()}),
    )
