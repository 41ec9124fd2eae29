"""What a fake has booked and lent stays on the disk, so that it is there again when the demo is."""

import pickle
from dataclasses import fields
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

_KEPT = ("books", "lender", "keys", "requests", "moves", "drafts")


class Keeping:
    """A fake as it is served: every write is noted, and what was lent is kept at once, as nobody lends it twice."""

    def __init__(self, fake: Any, file: Path) -> None:
        self._fake, self._file, self._changed = fake, file, False
        self._app: ASGIApp = fake.app
        if file.exists():
            for name, value in pickle.loads(file.read_bytes()).items():  # noqa: S301 - our own file
                setattr(fake, name, value)
            self._app = fake.app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
        if scope["method"] != "GET":
            self._changed = True
        if scope["path"].endswith("/token"):
            self.keep()

    def keep(self) -> None:
        """Write what has changed, whole or not at all."""
        if self._changed:
            self._changed = False
            kept = {field.name: getattr(self._fake, field.name) for field in fields(self._fake) if field.name in _KEPT}
            draft = self._file.with_suffix(".new")
            draft.write_bytes(pickle.dumps(kept))
            draft.replace(self._file)
            self._fake.behaviour.calls.clear()
            self._fake.behaviour.bodies.clear()
