"""The demo: two chains with a history told through the acts, a token for each kind of user, and examples to run."""

from dataclasses import dataclass

from carnet.demo import harbour, thames
from carnet.demo.beside import Beside, connect
from carnet.demo.examples import tabs
from carnet.demo.happenings import tell
from carnet.demo.tokens import DemoTokens, issue_tokens
from schema.graphiql import IdeTab
from schema.token_settings import TokenSettings


@dataclass(frozen=True, slots=True)
class Demo:
    """What a start of the demo hands to whoever wants to try it."""

    tokens: DemoTokens
    tabs: tuple[IdeTab, ...]
    beside: Beside | None = None


async def seed(settings: TokenSettings, systems: str | None = None) -> Demo:
    """Make the demo's chains as far as they are not there, and issue tokens for their people.

    Where other systems are served below an address, the chain is connected to them.
    """
    stage = await harbour.set_up()
    await tell(stage, harbour.happenings(stage.past))
    tokens = await issue_tokens(settings, stage, await thames.perform())
    beside = await connect(stage, systems) if systems else None
    return Demo(tokens, tabs(stage, tokens), beside)
