"""Runs a command that dies with its parent, even when the parent is killed: `leash.py PARENT COMMAND…`.

A program of its own, so that the kernel is asked between fork and exec without running Python in a forked copy
of a process that has threads. Only Linux offers this; elsewhere the command runs unleashed, and the next start
ends what it left (see `embedded.py`).
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: str, *command: str) -> None:
    """Become the command, unless the parent is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(parent):
            return
    os.execv(command[0], command)  # noqa: S606 - that is the point


if __name__ == "__main__":
    main(*sys.argv[1:])
