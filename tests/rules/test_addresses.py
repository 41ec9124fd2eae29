"""Only the public internet is called, however an address of our own network is written, and what is allowed besides."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from domain.kernel import addresses
from domain.kernel.addresses import MayNotBeCalled, addresses_of, check_url, target

pytestmark = pytest.mark.anyio

INSIDE = """127.0.0.1 127.8.8.8 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0
0.1.2.3 192.0.0.1 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255 168.63.129.16 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::a00:1
100::1 2001::1 2001:db8::1 2002:7f00:1:: 3fff::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1
not-an-address""".split()
OUTSIDE = "8.8.8.8 93.184.216.34 172.32.0.1 2606:4700::1111 2a00:1450:4003::200e".split()


@pytest.fixture(autouse=True)
def nothing_allowed() -> Iterator[None]:
    """Each test says what it allows."""
    addresses.allow([])
    yield
    addresses.allow([])


def names(monkeypatch: pytest.MonkeyPatch, *meanings: str) -> None:
    """Every name means these addresses."""

    async def look_up(_name: str) -> list[str]:
        return list(meanings)

    monkeypatch.setattr(addresses, "look_up", look_up)


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_of_ours_is_not_called(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "8.8.8.8", address)

    with pytest.raises(MayNotBeCalled, match="which is not on the public internet"):
        await addresses_of("hooks.example.com", 443)


@pytest.mark.parametrize("address", OUTSIDE)
async def test_what_is_public_is_called_at_the_address_that_was_looked_at(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch, address)

    assert await addresses_of("hooks.example.com", 443) == [address]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://2130706433/", "no proper name or address"),
        ("https://2130706433/", "no proper name or address"),
        ("https://0x7f000001/", "no proper name or address"),
        ("https://0x7f.0.0.1/", "no proper name or address"),
        ("https://0177.0.0.1/", "no proper name or address"),
        ("https://127.1/", "no proper name or address"),
        ("https://127.0.0.1./", "no proper name or address"),
        ("https://127%2e0.0.1/", "no proper address"),
        ("https://①②⑦.0.0.1/", "characters that no URL has"),
        ("https://127。0。0。1/", "characters that no URL has"),
        ("https://example.com\\@127.0.0.1/", "characters that no URL has"),
        ("https://example.com/ x", "characters that no URL has"),
        ("https://a:b@example.com/", "a user, a password"),
        ("https://@example.com/", "a user, a password"),
        ("https://example.com/#part", "a fragment"),
        ("https://[fe80::1%25eth0]/", "no proper address"),
        ("https://[::1/", "not a URL"),
        ("https://example.com:99999/", "not a URL"),
        ("https:///hook", "no proper name"),
        ("ftp://example.com/", "does not begin with https://"),
        ("file:///etc/passwd", "does not begin with https://"),
        ("example.com/hook", "does not begin with https://"),
        ("", "does not begin with https://"),
    ],
)
def test_a_url_that_programs_read_differently_is_refused_by_its_form(url: str, why: str) -> None:
    with pytest.raises(MayNotBeCalled, match=why):
        target(url)


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/"])
async def test_an_address_of_ours_is_refused_without_being_looked_up(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "8.8.8.8")

    with pytest.raises(MayNotBeCalled, match="not on the public internet"):
        await check_url(url)


async def test_the_own_machine_by_its_name_is_refused() -> None:
    with pytest.raises(MayNotBeCalled, match="leads to localhost, which is not on the public internet"):
        await check_url("https://localhost/hook")


async def test_which_address_a_name_of_ours_has_is_for_the_log_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "10.0.3.4")

    with capture_logs() as logged, pytest.raises(MayNotBeCalled) as refused:
        await check_url("https://db.internal/hook")
    assert str(refused.value) == (
        "leads to db.internal, which is not on the public internet; whoever runs Carnet can allow it by "
        "CARNET_ALLOWED_ADDRESSES"
    )
    assert [(each["host"], each["address"]) for each in logged] == [("db.internal", "10.0.3.4")]


async def test_a_name_that_nobody_knows_is_refused() -> None:
    with pytest.raises(MayNotBeCalled, match="a name that is not known"):
        await check_url("https://nowhere.invalid/hook")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example.com/", "does not begin with https://"),
        ("https://hooks.example.com:22/", "names the port 22"),
        ("https://hooks.example.com:0/", "names the port 0"),
    ],
)
async def test_what_is_public_is_called_encrypted_and_on_a_port_for_it(
    url: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch, "93.184.216.34")
    for good in ("https://hooks.example.com/a?b=c", "https://hooks.example.com:8443/"):
        await check_url(good)

    with pytest.raises(MayNotBeCalled, match=why):
        await check_url(url)


async def test_what_the_settings_allow_may_be_called_on_any_port_without_encryption() -> None:
    addresses.allow(["127.0.0.0/8"])
    await check_url("http://127.0.0.1:80/hook")

    with pytest.raises(MayNotBeCalled, match=r"leads to 10\.0\.0\.1, which"):
        await check_url("http://10.0.0.1/")
    with pytest.raises(MayNotBeCalled, match="names the port 0, at which nobody is"):
        await check_url("http://127.0.0.1:0/hook")
    with pytest.raises(ValueError, match="does not appear to be"):
        addresses.allow(["everything"])
