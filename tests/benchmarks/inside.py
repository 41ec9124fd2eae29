"""Both applications inside this process, to see what they answer and how many statements they send for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import orjson
from pydantic import SecretStr
from starlette.applications import Starlette

from carnet.app import create_app
from carnet.settings import Settings
from domain.kernel.db import counting
from schema.token_settings import TokenSettings
from tests.benchmarks.handwritten.app import create_app as create_handwritten
from tests.benchmarks.questions import Asked, Question


class Both:
    """Asks either application; each opens the same database by itself."""

    def __init__(self, database_url: str, secret: str) -> None:
        self._carnet = create_app(Settings(database_url=database_url, token_secret=SecretStr(secret)))
        self._handwritten = create_handwritten(database_url, TokenSettings(secret=secret))

    async def carnet(self, asked: Asked) -> tuple[Any, int]:
        """Carnet's answer, and the statements that it took."""
        with counting() as statements:
            answer = await _ask(self._carnet, asked)
        return answer, len(statements)

    async def handwritten(self, asked: Asked) -> tuple[Any, int]:
        """The hand-written answer, and the statements that it took."""
        database = self._handwritten.state.database
        before = database.statements
        return await _ask(self._handwritten, asked), database.statements - before

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Both"]:
        """With both databases open."""
        async with (
            self._carnet.router.lifespan_context(self._carnet),
            self._handwritten.router.lifespan_context(self._handwritten),
        ):
            yield self


async def count_statements(database_url: str, secret: str, questions: list[Question]) -> list[tuple[int, int]]:
    """For each question how many statements Carnet sends, and the hand-written application."""
    async with Both(database_url, secret).opened() as both:
        return [
            ((await both.carnet(next(question.carnet)))[1], (await both.handwritten(next(question.handwritten)))[1])
            for question in questions
        ]


async def _ask(app: Starlette, asked: Asked) -> Any:
    headers = {"authorization": f"Bearer {asked.token}", "content-type": "application/json"}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://bench") as client:
        response = await client.request(asked.method, asked.path, content=asked.body, headers=headers)
    assert response.status_code == 200, response.text
    return orjson.loads(response.content)
