"""What a token must be; apart from the checking, so that commands without tokens need not load it."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """What a token must be to count: who issued it, for whom, signed how."""

    algorithm: Literal["HS256", "RS256", "ES256"] = "HS256"
    secret: str = field(default="", repr=False)
    jwks_url: str = ""
    issuer: str = "carnet"
    audience: str = "carnet"

    def __post_init__(self) -> None:
        if self.algorithm == "HS256" and len(self.secret) < 32:
            raise ValueError("A token secret has at least 32 characters.")
        if self.algorithm != "HS256" and not self.jwks_url:
            raise ValueError(f"{self.algorithm} needs the address of the issuer's keys (JWKS).")
