"""What is logged tells where something failed, and no secret that was at hand there."""

import sys

from carnet.logs import CONSOLE
from domain.accounting.connectors.http import Request


def test_a_failure_is_told_without_the_values_of_variables() -> None:
    api_key = "hush" * 3
    try:
        raise RuntimeError("a bug")
    except RuntimeError:
        told = CONSOLE(None, "error", {"event": "a connector fails", "exc_info": sys.exc_info()})
    assert "RuntimeError" in told and "a bug" in told
    assert api_key not in told


def test_a_request_tells_nothing_of_what_it_bears() -> None:
    assert "hush" not in repr(Request("POST", "https://a.example.com", {"authorization": "hush"}, b"hush"))
