"""GraphiQL at the graph's own address: its files are this project's own, so it works without a network."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

import orjson
from starlette.staticfiles import StaticFiles

from schema.answers import Answer

_FILES = Path(__file__).parent / "static" / "graphiql"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class IdeTab:
    """An example that is ready to run when the page opens."""

    title: str
    query: str
    variables: str = ""
    headers: str = ""


def page(tabs: Sequence[IdeTab]) -> Answer:
    """The page with its tabs; what a person changes is kept until other tabs are served."""
    examples = orjson.dumps([asdict(tab) for tab in tabs]).decode()
    digest = hashlib.sha256(examples.encode()).hexdigest()[:12]
    template = (_FILES / "index.html").read_text(encoding="utf-8")
    html = template.replace("{{examples}}", escape(examples)).replace("{{digest}}", digest)
    headers = (
        (b"content-security-policy", _POLICY.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    )
    return Answer(200, b"text/html; charset=utf-8", html.encode(), headers)


def assets() -> StaticFiles:
    """The scripts and styles of the page."""
    return StaticFiles(directory=_FILES)
