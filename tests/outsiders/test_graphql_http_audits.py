"""The audits of the GraphQL over HTTP specification, as its npm package judges a server over a socket."""

import json
import subprocess

import pytest

from tests.outsiders.node_packages import installed
from tests.schema.http.serving import served
from tests.schema.http.tiny_graph import tiny_app


def test_all_61_audits_of_graphql_http_pass(pytestconfig: pytest.Config) -> None:
    folder = installed(pytestconfig.cache.mkdir("outsiders"))
    with served(tiny_app()) as (host, port):
        command = ["node", "audits.mjs", f"http://{host}:{port}/graphql"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    results = json.loads(done.stdout)
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == 61
