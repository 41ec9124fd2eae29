"""The demo chain."""

from dataclasses import dataclass

from schema.tokens import TokenSettings


@dataclass(frozen=True, slots=True)
class DemoTokens:
    """One ready-made token for each kind of user."""


async def seed(_settings: TokenSettings) -> DemoTokens:
    """Make the demo chain unless it is there, and issue tokens for its principals."""
    return DemoTokens()
