"""Every setting of Carnet, from CARNET_* variables or the command line; the defaults need nothing installed."""

from pathlib import Path
from typing import Literal

import orjson
from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from carnet.failures import CannotStart
from carnet.home import DEMO, Home
from domain.accounting.connectors.plain_text_places import use_folder
from domain.kernel import addresses, keeping, vault
from domain.kernel.db import sqlite_url
from schema.token_settings import TokenSettings

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LogFormat = Literal["AUTO", "CONSOLE", "JSON"]


class Settings(BaseSettings):
    """What the operator may set; whatever is left empty lives in the home directory."""

    model_config = SettingsConfigDict(env_prefix="CARNET_", frozen=True)

    home: Path = Path(".carnet")
    database_url: str = ""
    redis_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = ""
    metrics_port: int = Field(default=0, ge=0, le=65535)
    token_algorithm: Literal["HS256", "RS256", "ES256"] = "HS256"  # noqa: S105 - no secret
    token_secret: SecretStr = SecretStr("")
    token_jwks_url: str = ""
    token_issuer: str = "carnet"  # noqa: S105 - no secret
    token_audience: str = "carnet"  # noqa: S105 - no secret
    vault_keys: SecretStr = SecretStr("")
    allowed_addresses: str = ""
    plain_text_folder: str = ""
    keep_days: int = Field(default=90, ge=7, le=36500)
    log_level: LogLevel = "INFO"
    log_format: LogFormat = "AUTO"

    @field_validator("redis_url")
    @classmethod
    def _is_of_a_queue(cls, url: str) -> str:
        if url and not url.startswith(("redis://", "rediss://", "unix://")):
            raise PydanticCustomError("queue_url", "it should look like redis://host:6379/0 or unix:///path")
        return url

    @field_validator("public_url")
    @classmethod
    def _is_of_the_web(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise PydanticCustomError("public_url", "it should look like https://carnet.example.com")
        return url

    def quieter(self) -> "Settings":
        """Warnings only, unless a level was asked for: the demo's table of tokens should stay on the screen."""
        return self if "log_level" in self.model_fields_set else self.model_copy(update={"log_level": "WARNING"})

    def allowing(self, address: str) -> "Settings":
        """The same, but for an address more that may be called."""
        return self.model_copy(update={"allowed_addresses": f"{self.allowed_addresses} {address}".strip()})

    def beside_fakes(self) -> "Settings":
        """The same, but for the fakes beside the demo of this home, which may be called where its database is meant."""
        told = self.directory.path / DEMO
        if self.database_url or not told.exists() or "fakes" not in orjson.loads(told.read_bytes()):
            return self
        return self.allowing("127.0.0.1")

    @property
    def directory(self) -> Home:
        """The home directory, made when it is not there."""
        return Home.at(self.home)

    @property
    def database(self) -> str:
        """The URL of the database: a file in the home directory unless another is set."""
        return self.database_url or sqlite_url(self.directory.path / "carnet.db")

    @property
    def redis(self) -> str:
        """The URL of Redis or Valkey: the embedded one's socket unless another is set."""
        return self.redis_url or f"unix://{self.directory.socket}"

    def link_secret(self) -> str:
        """What the links of downloads are signed with, whoever issues the tokens."""
        return self.token_secret.get_secret_value() or self.directory.secret()

    def open_vault(self) -> None:
        """Let secrets at rest be sealed and opened: with the keys that are set, the newest first.

        Without any it is one that follows from what the links are signed with, good as long as that stays.
        """
        keys = self.vault_keys.get_secret_value().replace(",", " ").split()
        try:
            vault.use_keys(keys or [vault.key_from(self.link_secret())])
        except ValueError as error:
            raise CannotStart("CARNET_VAULT_KEYS has a key that is none. `carnet vault-key` makes one.") from error

    def allow_addresses(self) -> None:
        """Let addresses that are not public be called too, where the settings name some: for development."""
        try:
            addresses.allow(self.allowed_addresses.replace(",", " ").split())
        except ValueError as error:
            raise CannotStart(f"CARNET_ALLOWED_ADDRESSES: {error}; 10.1.2.3 or 10.1.0.0/16 would be one.") from error

    def name_folder(self) -> None:
        """Let connections to plain text write their files: below the folder that is set, or one in the home."""
        use_folder(self.texts)

    def keep_ended(self) -> None:
        """Let what has ended, and of which nothing depends any more, be kept as long as is set."""
        keeping.keep(self.keep_days)

    @property
    def texts(self) -> Path:
        """Where connections to plain text write."""
        return Path(self.plain_text_folder) if self.plain_text_folder else self.home / "plain-text"

    @property
    def tokens(self) -> TokenSettings:
        """What a bearer token must be to count; our own are signed with the home's secret unless another is set."""
        own = self.token_algorithm == "HS256"  # noqa: S105 - no secret
        secret = self.token_secret.get_secret_value()
        try:
            return TokenSettings(
                algorithm=self.token_algorithm,
                secret=(secret or self.directory.secret()) if own else "",
                jwks_url=self.token_jwks_url,
                issuer=self.token_issuer,
                audience=self.token_audience,
            )
        except ValueError as error:
            raise CannotStart(f"{error} See the settings CARNET_TOKEN_*.") from error
