"""Where Carnet may call: public addresses only, and those that the settings allow besides, for development.

A URL that somebody gives us must not lead into our own network. Its form is checked, each name is looked up, and what
is called is one of the addresses that were looked at, never the name: it may mean something else the next time.
"""

import asyncio
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import structlog

log = structlog.get_logger()

_HOST = re.compile(r"(?=.{1,253}\.?$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_-]{1,63}\.?")
_A_NUMBER = re.compile(r"(\d+|0[xX][0-9a-fA-F]*)\.?")
_CLOSED = [
    ip_network(each)
    for each in (
        "168.63.129.16/32",  # the host of a virtual machine, at one provider
        "192.88.99.0/24",  # relays to IPv6
        "::/96",  # IPv4 in its oldest disguise
        "64:ff9b::/96",  # IPv4 behind a translator, which may be ours
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2002::/16",  # IPv4 in a tunnel
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
]
_LOWEST_PORT = 1024
_BY_SETTING = "whoever runs Carnet can allow it by CARNET_ALLOWED_ADDRESSES"
_PATIENCE = 5
"""Seconds within which a name has to be known."""

_allowed: list[IPv4Network | IPv6Network] = []


class MayNotBeCalled(ValueError):
    """An address that must not be called, and why, as the rest of a sentence."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads to."""

    secure: bool
    host: str
    port: int


def allow(networks: Sequence[str]) -> None:
    """From now on these networks may be called too, on any port and without encryption; raises ValueError."""
    _allowed[:] = [ip_network(each) for each in networks]


def target(url: str) -> Target:
    """Where the URL leads to, if it is one that may be called at all; raises MayNotBeCalled."""
    if not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
        raise MayNotBeCalled("holds characters that no URL has; write names of other scripts as xn--")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise MayNotBeCalled("is not a URL") from error
    if parts.scheme not in ("https", "http"):
        raise MayNotBeCalled("does not begin with https://")
    if "@" in parts.netloc or parts.fragment:
        raise MayNotBeCalled("has a user, a password or a fragment in it")
    if port == 0:
        raise MayNotBeCalled("names the port 0, at which nobody is")
    _check_host(host, in_brackets="[" in parts.netloc)
    secure = parts.scheme == "https"
    return Target(secure, host, port if port is not None else 443 if secure else 80)


def _check_host(host: str, in_brackets: bool) -> None:
    """A number that is no proper address is refused: every program reads it differently."""
    address = _address(host)
    if in_brackets != isinstance(address, IPv6Address) or "%" in host:
        raise MayNotBeCalled("has no proper address")
    if address is None and (not _HOST.fullmatch(host) or _A_NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2])):
        raise MayNotBeCalled("has no proper name or address of a host")


async def addresses_of(host: str, port: int, secure: bool = True) -> Sequence[str]:
    """The addresses of a host, every one of which may be called; raises MayNotBeCalled."""
    found = [host] if _address(host) else await look_up(host)
    known = [_address(each) for each in found]
    if not known:
        raise MayNotBeCalled(f"leads to {host}, a name that is not known")
    for address in known:
        _check(address, host, port, secure)
    return [str(address) for address in known]


async def check_url(url: str) -> None:
    """Whether a URL may be kept to be called later, by what its host means now; raises MayNotBeCalled."""
    to = target(url)
    await addresses_of(to.host, to.port, to.secure)


async def look_up(name: str) -> Sequence[str]:
    """The addresses that a name means now, each once; none where nobody knows it."""
    try:
        async with asyncio.timeout(_PATIENCE):
            found = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _check(address: IPv4Address | IPv6Address | None, host: str, port: int, secure: bool) -> None:
    if address is not None and any(address in network for network in _allowed):
        return
    if address is None or not _is_public(address):
        # Which address of ours a name has is for the log alone: whoever gives URLs could ask for all our names.
        log.info("what is not on the public internet is not called", host=host, address=str(address))
        raise MayNotBeCalled(f"leads to {host}, which is not on the public internet; {_BY_SETTING}")
    if not secure:
        raise MayNotBeCalled("does not begin with https://")
    if port < _LOWEST_PORT and port != 443:
        raise MayNotBeCalled(f"names the port {port}; 443 and those from {_LOWEST_PORT} on may be called")


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """What is special in any way is not public, nor is IPv6 that stands for an address of IPv4."""
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address.is_site_local or address.scope_id):
        return False
    special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    return address.is_global and not special and not any(address in network for network in _CLOSED)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
