"""What keeps Carnet from starting or going on, told to the operator in one sentence and an exit code."""

import errno
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

UNABLE = 2
"""The exit code of a command that could not be carried out; a check that says no exits with 1."""


class CannotStart(Exception):
    """Something in the surroundings has to change first; the message says what."""


_ON_DISK = {
    errno.ENOSPC: "The disk is full: free some space, then try again.",
    errno.EDQUOT: "Your disk quota is used up: free some space, then try again.",
    errno.EROFS: "{path} is on a read-only disk: choose another --home.",
    errno.EACCES: "{path} may not be used by you: give permission or choose another --home.",
    errno.EPERM: "{path} may not be used by you: give permission or choose another --home.",
    errno.EEXIST: "{path} is a file, not a directory: choose another --home.",
    errno.ENOTDIR: "{path} is not in a directory: choose another --home.",
    errno.ENAMETOOLONG: "{path} is too long a name: choose another --home.",
    errno.EMFILE: "Too many files are open: raise the limit (ulimit -n), then try again.",
}


def unusable(error: OSError, host: str, port: int, option: str = "--port") -> CannotStart:
    """Why nobody can listen there."""
    if error.errno == errno.EADDRINUSE:
        return CannotStart(f"Port {port} is in use: stop what uses it or choose another {option}.")
    if error.errno == errno.EACCES:
        return CannotStart(f"Port {port} may not be used by you: choose a {option} above 1023.")
    return CannotStart(f"{host} is not an address of this machine: choose another --host.")


P = ParamSpec("P")
T = TypeVar("T")


def told(command: Callable[P, T]) -> Callable[P, T]:
    """Tell any failure of the command in one sentence on stderr and leave with its exit code."""

    @wraps(command)
    def telling(*args: P.args, **options: P.kwargs) -> T:
        try:
            return command(*args, **options)
        except Exception as error:
            if os.environ.get("CARNET_LOG_LEVEL", "").upper() == "DEBUG":
                raise
            print(f"carnet: {sentence(error)}", file=sys.stderr)
            sys.exit(UNABLE)

    return telling


def sentence(error: Exception) -> str:
    """What is so and what to do about it."""
    from pydantic import ValidationError

    from domain.kernel.db.config import BadDatabaseUrl
    from domain.kernel.errors import Refusal, Unavailable

    if isinstance(error, ValidationError):
        return " ".join(
            f"The setting CARNET_{'_'.join(map(str, problem['loc'])).upper()} is wrong: {problem['msg']}."
            for problem in error.errors()
        )
    if isinstance(error, (CannotStart, BadDatabaseUrl, Refusal, Unavailable)):
        return str(error)
    if isinstance(error, OSError) and error.errno in _ON_DISK:
        return _ON_DISK[error.errno].format(path=error.filename)
    return (
        f"Something unforeseen happened ({type(error).__name__}: {error})."
        " Set CARNET_LOG_LEVEL=DEBUG to see where, and please report it."
    )
