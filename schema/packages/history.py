"""The history of a package: a connection of the operations that changed it, readable from either end."""

from schema.connections import Connection, number, page
from schema.context import Info
from schema.errors import BadUserInput
from schema.ledger.operation import Operation, operation_of
from schema.packages.loaders import HISTORY, Window

_DIGITS = 9
"""Of a package's version."""


async def history_of(
    info: Info, package_id: str, first: int | None, after: str | None, last: int | None, before: str | None
) -> Connection[Operation]:
    """The part that is asked for, always oldest first; one more is read to know whether there is more."""
    if first is not None and last is not None:
        raise BadUserInput("Ask for `first` or for `last`, not for both.")
    newest = last is not None
    asked = page(last if newest else first, after, package_id)
    end = page(asked.size, before, package_id)
    window = Window(asked.size + 1, newest, number(asked.after, _DIGITS), number(end.after, _DIGITS))
    found = await info.context.load(HISTORY, (window, package_id)) or []
    more = len(found) > asked.size
    shown = found[-asked.size :] if newest else found[: asked.size]
    return Connection(
        nodes=[operation_of(operation) for operation in shown],
        cursor=lambda place: asked.cursor(str(shown[place].package_version)),
        more_behind=end.after is not None if newest else more,
        more_before=more if newest else asked.after is not None,
    )
