"""The newest rows of some owners, found along an index of owner, state and id, and past no row of anybody else."""

from collections.abc import Iterable, Sequence

from domain.kernel.db.where import Where

_APART = 100
"""Of so many owners the newest rows are found one owner at a time; there are hardly ever more."""


def newest_ids(
    table: str, owner: str, where: Where, owners: Sequence[str], states: Iterable[str], size: int, before: str | None
) -> str:
    """A statement of ids, the newest of each owner in each state; `where` is on the table and takes the arguments."""
    if before is not None:
        where.add("id < {before}", before=before)
    chosen, limit = str(where), where.value(size)
    apart = [f"{owner} = {where.value(each)}" for each in owners[:_APART]]
    rest = [f"{owner} = ANY({where.value(list(owners[_APART:]))})"] if owners[_APART:] else []
    each_state = [f"state = {where.value(state)}" for state in states]
    conditions = [" AND ".join(filter(None, (whose, state, chosen))) for whose in apart + rest for state in each_state]
    return " UNION ALL ".join(
        f"SELECT id FROM (SELECT id FROM {table} WHERE {condition} ORDER BY id DESC LIMIT {limit}) of_one"
        for condition in conditions
    )
