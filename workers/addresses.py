"""The guard before every call: a name is looked up at each connection, and only what was looked at is called."""

from collections.abc import Sequence

from domain.accounting.connectors.http import Unreached
from domain.kernel.addresses import MayNotBeCalled, addresses_of


class Guard:
    """The addresses of hosts that may be called, as the settings and the rules of the house say."""

    async def of(self, host: str, port: int, secure: bool = True) -> Sequence[str]:
        """The addresses to connect to and to no other; raises Unreached where one of them may not be called."""
        try:
            return await addresses_of(host, port, secure)
        except MayNotBeCalled as reason:
            raise Unreached(f"the address {reason}") from reason
