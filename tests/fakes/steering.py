"""Where the fakes of the demo are told to misbehave: a page with a form for each, and the same by POST."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tests.fakes.exactly import answer
from tests.fakes.keeping import Keeping
from tests.fakes.page import behaviour_page
from tests.fakes.telling import NotUnderstood, how, tell


class Steering:
    """Tells fakes by their names."""

    def __init__(self, fakes: Mapping[str, Any], keeping: Mapping[str, Keeping]) -> None:
        self._fakes, self._keeping = fakes, keeping

    async def show(self, _request: Request) -> Response:
        """The page."""
        return HTMLResponse(behaviour_page({name: how(fake) for name, fake in self._fakes.items()}))

    def change(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        """Answers how a fake behaves, after it was told; a browser is led back to the page."""

        async def told(request: Request) -> Response:
            if request.method == "POST":
                try:
                    tell(self._fakes[name], dict(parse_qsl((await request.body()).decode())))
                except NotUnderstood as error:
                    return answer({"error": str(error)}, 400)
                self._keeping[name].keep()
                if "text/html" in request.headers.get("accept", ""):
                    return RedirectResponse("/behaviour", 303)
            return answer(how(self._fakes[name]))

        return told
