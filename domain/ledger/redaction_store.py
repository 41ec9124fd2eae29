"""Every statement about operations whose words were erased after they were sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.kernel.db import insert, rows


@dataclass(frozen=True, slots=True)
class Redacted:
    """What is left of an operation whose words were erased, by its hash, and whether its seal had held until then."""

    remainder: str
    intact: bool


async def redactions(operation_ids: Sequence[str]) -> dict[str, Redacted]:
    """The newest redaction of each of the operations whose words were erased."""
    found = await rows(
        """SELECT r.operation_id, r.remainder, r.intact FROM redaction r JOIN operation o ON o.id = r.operation_id
        JOIN operation e ON e.id = r.erased_by_id AND e.chain_id = o.chain_id AND e.act = 'erase_customer'
        WHERE r.operation_id = ANY($1) ORDER BY r.id""",
        list(operation_ids),
    )
    return {row["operation_id"]: Redacted(row["remainder"], bool(row["intact"])) for row in found}


async def insert_redactions(erased_by_id: str, redacted: Mapping[str, Redacted]) -> None:
    """Write down whose words an operation has erased, and what is left of them."""
    await insert(
        "redaction",
        [
            {
                "operation_id": operation_id,
                "erased_by_id": erased_by_id,
                "remainder": each.remainder,
                "intact": each.intact,
            }
            for operation_id, each in redacted.items()
        ],
    )
