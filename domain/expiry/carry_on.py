"""Carries extensions of many packages on from where they were left, a few packages at a time."""

from collections.abc import Mapping, Sequence

import structlog

from domain.expiry import bulk_store as store
from domain.expiry.bulk_store import Failure, Open
from domain.expiry.errors import NothingToExtend
from domain.expiry.extend_package import ExtendPackage
from domain.kernel import clock
from domain.kernel.access import system
from domain.kernel.commands import run_command
from domain.kernel.db import retrying, transaction
from domain.kernel.errors import IdempotencyMismatch, Refusal, Unavailable

log = structlog.get_logger()

INTERNAL = "INTERNAL"
"""The code of a package that Carnet itself failed to extend."""


async def unfinished() -> list[str]:
    """The extensions of any chain that are not finished, oldest first."""
    return await store.unfinished()


async def carry_on(extension_id: str, at_most: int = 50) -> int | None:
    """Extend the next packages of an extension; how many were, or None when it is finished or somebody else has it.

    Each package has a key of its own, so that nothing is extended twice by whoever does the same part again; what was
    done counts with the one who first notes how far it has come.
    """
    extension = await store.to_carry_on(extension_id)
    if extension is None:
        return None
    page = await store.following(extension.chosen, extension.done_until, at_most)
    done = [await _extend(extension, package_id) for package_id in await _concerned(extension, page)]
    extended, failures = done.count(True), [failure for failure in done if isinstance(failure, Failure)]
    noted = await _note(extension, list(page)[-1:], extended, failures, last=len(page) < at_most)
    return extended if noted else None


async def _concerned(extension: Open, page: Mapping[str, bool]) -> list[str]:
    """Those with something left; and those used up since, which a killed worker may have extended and not counted."""
    used_up = [package_id for package_id, left in page.items() if not left]
    changed = await store.changed_since(used_up, extension.chosen.as_of) if used_up else set()
    return [package_id for package_id, left in page.items() if left or package_id in changed]


async def _extend(extension: Open, package_id: str) -> Failure | bool:
    """Whether the package is extended, or why not; one that was used up meanwhile needs nothing.

    A package with which Carnet fails is written down like any other, so that it does not keep the rest waiting.
    """
    command = ExtendPackage(package_id, extension.reason, days=extension.days, as_of=extension.chosen.as_of)
    try:
        await run_command(system(extension.chosen.chain_id), command, f"{extension.id}:{package_id}")
    except NothingToExtend:
        return False
    except Refusal as refusal:
        return Failure(package_id, refusal.code, refusal.message)
    except IdempotencyMismatch:
        return True  # by a version of Carnet that put the command otherwise
    except Unavailable:
        raise
    except Exception:
        log.exception("a package cannot be extended", extension=extension.id, package=package_id)
        return Failure(package_id, INTERNAL, "Carnet failed to extend it, and its log says why. Extend it by itself.")
    return True


async def _note(
    extension: Open, newest: Sequence[str], extended: int, failures: Sequence[Failure], *, last: bool
) -> bool:
    async def attempt() -> bool:
        async with transaction():
            if not await store.lock_at(extension):
                return False
            for package_id in newest:
                await store.advance(extension, package_id, extended, failures)
            if last:
                await store.finish(extension, clock.now())
            return True

    return await retrying(attempt)
