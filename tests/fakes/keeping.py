"""What a fake has booked and lent stays on the disk, so that it is there again when the demo is."""

import asyncio
import pickle
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEPT = ("books", "lender", "keys", "requests", "moves", "drafts")
_READS = "/search_read"
"""What Odoo reads by is a POST, too."""
_TOGETHER = 4
"""Times that a write takes, and so long changes wait to be kept by one, as each is of all there is."""


class Keeping:
    """A fake as it is served: what a write has changed is on the disk before it is answered."""

    def __init__(self, fake: Any, file: Path) -> None:
        self._fake, self._file = fake, file
        self._changes = self._kept = 0
        self._took = 0.0
        self._lock = asyncio.Lock()
        self._app: ASGIApp = fake.app
        if file.exists():
            for name, value in pickle.loads(file.read_bytes()).items():  # noqa: S301 - our own file
                setattr(fake, name, value)
            self._app = fake.app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET" or scope["path"].endswith(_READS):
            await self._app(scope, receive, send)
            return

        answered = False

        async def kept(message: Message) -> None:
            nonlocal answered
            if not answered:
                await self._on_disk()
            answered = True
            await send(message)

        await self._app(scope, receive, kept)
        if not answered:
            await self._on_disk()

    async def _on_disk(self) -> None:
        """Wait until what there is now is kept: together with what others change at the same time."""
        self._changes += 1
        mine = self._changes
        async with self._lock:
            if self._kept < mine:
                await asyncio.sleep(_TOGETHER * self._took)
                self._kept = self._changes
                self.keep()

    def keep(self) -> None:
        """Write what there is, whole or not at all."""
        began = time.perf_counter()
        kept = {field.name: getattr(self._fake, field.name) for field in fields(self._fake) if field.name in _KEPT}
        draft = self._file.with_suffix(".new")
        draft.write_bytes(pickle.dumps(kept))
        draft.replace(self._file)
        self._fake.behaviour.calls.clear()
        self._fake.behaviour.bodies.clear()
        self._took = time.perf_counter() - began
