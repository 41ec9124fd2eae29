"""What carries calls out of this process; whoever starts one says so, and where nobody did nothing is called."""

from domain.accounting.connectors.http import Http, Request, Response, Unreached

_http: Http | None = None


class _Nothing:
    """Reaches nobody."""

    async def call(self, request: Request) -> Response:  # noqa: ARG002
        raise Unreached("this process calls no other system")


def use_http(http: Http | None) -> None:
    """From now on calls are carried by this."""
    global _http
    _http = http


def http() -> Http:
    """What carries calls."""
    return _http or _Nothing()


def can_call() -> bool:
    """Whether other systems can be asked from here."""
    return _http is not None
