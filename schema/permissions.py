"""docs/permissions.md from the tables: `python -m schema.permissions > docs/permissions.md`."""

import sys
from collections.abc import Iterable, Iterator

from domain.kernel.access import POLICIES
from domain.kernel.principals import At, Policy, Role, Scope
from domain.kernel.reads import READS, Otherwise, Read

_ROLES = [role.value for role in Role]
_HEAD = """# Who may do and read what

Written by `python -m schema.permissions` from `domain/kernel/access.py` and `domain/kernel/reads.py`, which decide it;
a test compares. A role on the whole chain counts at every branch. Who may not is refused as FORBIDDEN, and that is
written down for the query `denials`; what somebody may not see is answered as if it were not there.
"""


def printed() -> str:
    """The document."""
    return "\n".join((_HEAD, "## Acts\n", *_acts(), "\n## Reading\n", *_reads(), ""))


def _acts() -> Iterator[str]:
    yield from _table("act", "where the role is held")
    for name, policy in sorted(POLICIES.items()):
        if policy != Policy():
            yield _row(f"`{name}`", *_who(policy), _where(policy))
    alone = ", ".join(f"`{name}`" for name, policy in sorted(POLICIES.items()) if policy == Policy())
    yield f"\nCarnet carries these out by itself: {alone}."


def _reads() -> Iterator[str]:
    yield from _table("field", "where the role is held", "others")
    for name, read in sorted(READS.items()):
        if read is not None:
            yield _row(f"`{name}`", *_who(read.policy, _own(read)), _where(read.policy), _others(read))
    free = ", ".join(f"`{name}`" for name, read in sorted(READS.items()) if read is None)
    yield f"\nFor whoever has signed in: {free}."


def _table(first: str, *last: str) -> Iterator[str]:
    columns = (first, *_ROLES, "API keys", "customers", *last)
    yield _row(*columns)
    yield _row(*("---" for _ in columns))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _who(policy: Policy, own: str = "their own") -> Iterable[str]:
    yield from ("yes" if role in policy.roles else "" for role in Role)
    yield ", ".join(scope.value for scope in Scope if scope in policy.scopes)
    yield own if policy.customers else ""


def _own(read: Read) -> str:
    return "their own and what is shared with them" if read.household else "their own"


def _where(policy: Policy) -> str:
    return policy.at.removeprefix("for ") if policy.at is not At.ANYWHERE else "anywhere"


def _others(read: Read) -> str:
    return "FORBIDDEN" if read.otherwise is Otherwise.REFUSED else "nothing"


if __name__ == "__main__":
    sys.stdout.write(printed())
