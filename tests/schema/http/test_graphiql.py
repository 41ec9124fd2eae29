"""GraphiQL opens at the graph's address, with its examples, and asks no other host for anything."""

import hashlib
import json
import re
from html import unescape
from pathlib import Path

import pytest

import schema
from schema.graphiql import IdeTab
from tests.schema.http.tiny_graph import client_of, status_and_code, tiny_app

pytestmark = pytest.mark.anyio

FILES = Path(schema.__file__).parent / "static" / "graphiql"
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
TAB = IdeTab('What\'s "left" </script>', "query Left { __typename }", "{}", '{"Authorization": "Bearer ana"}')


async def test_a_browser_gets_the_page_without_a_token_and_a_program_does_not() -> None:
    async with client_of(tiny_app(), name=None) as client:
        page = await client.get("/graphql", headers=BROWSER)
        program = await client.get("/graphql", headers={"accept": "application/json"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "GraphiQL" in page.text
    assert status_and_code(program) == (400, "BAD_USER_INPUT")


async def test_every_file_of_the_page_is_served_from_here() -> None:
    async with client_of(tiny_app(), name=None) as client:
        page = (await client.get("/graphql", headers=BROWSER)).text
        addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
        files = [address for address in addresses if not address.startswith("data:")]
        answers = [await client.get(f"/{address}") for address in files]
    assert len(files) == 8
    assert [answer.status_code for answer in answers] == [200] * 8


async def test_the_browser_is_forbidden_to_ask_another_host_or_to_run_a_script_of_the_page() -> None:
    async with client_of(tiny_app()) as client:
        policy = (await client.get("/graphql", headers=BROWSER)).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert "http" not in policy


async def test_the_examples_are_in_the_page_whatever_they_contain() -> None:
    async with client_of(tiny_app(tabs=(TAB,))) as client:
        page = (await client.get("/graphql", headers=BROWSER)).text
    (examples,) = re.findall(r'data-examples="([^"]*)"', page)
    assert json.loads(unescape(examples)) == [
        {"title": TAB.title, "query": TAB.query, "variables": "{}", "headers": TAB.headers}
    ]


def test_the_files_of_others_are_unchanged_copies() -> None:
    table = re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", (FILES / "README.md").read_text(), re.MULTILINE)
    own = {"page.js", "page.css"}
    assert {name for name, _ in table} == {path.name for path in FILES.glob("*.*s*")} - own
    for name, digest in table:
        assert hashlib.sha256((FILES / name).read_bytes()).hexdigest() == digest
