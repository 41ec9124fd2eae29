"""npm packages for tests, as the committed lock file pins them, kept in pytest's cache between runs."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", "audits.mjs")


def installed(cache: Path) -> Path:
    """A folder in which the scripts here find their packages; without Node only CI takes offence."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        absent("Node.js with npm is not installed")
    for name in FILES:
        shutil.copy(HERE / name, cache / name)
    stamp, lock = cache / "installed-lock.json", cache / "package-lock.json"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=cache, capture_output=True, text=True, timeout=120)
        if done.returncode:
            absent(f"npm ci failed: {done.stderr[-500:]}")
        shutil.copy(lock, stamp)
    return cache


def absent(reason: str) -> NoReturn:
    """Skip on somebody's machine, fail where everything is meant to run."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
