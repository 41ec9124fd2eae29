"""The home directory: what one installation keeps on its disk, readable by its own user only."""

import fcntl
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from carnet.failures import CannotStart

DEMO = "demo.json"
"""What the demo of this home tells of itself."""
_LONGEST_SOCKET = 100
"""The kernel takes 103 bytes on macOS and 107 on Linux."""
_SECRET_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Home:
    """A directory that exists."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> "Home":
        """The home at this place, made for its user alone when it is not there."""
        absolute = path.expanduser().absolute()
        try:
            absolute.mkdir(mode=0o700, parents=True, exist_ok=True)
        except FileNotFoundError as error:  # even its parents cannot be made, as under /proc
            raise CannotStart(f"{absolute} cannot be made: choose another --home.") from error
        return cls(absolute)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep this home for one process at a time, for as long as the process lives."""
        with (self.path / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise CannotStart(
                    f"Carnet already runs in {self.path} (process {file.read()}): stop it or choose another --home."
                ) from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield

    def secret(self) -> str:
        """The secret that signs this home's tokens: made once, never shown."""
        with os.fdopen(os.open(self.path / "secret", os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # two processes that start at once must agree on it
            kept = file.read()
            if len(kept) == _SECRET_LENGTH:
                return kept
            made = secrets.token_hex(_SECRET_LENGTH // 2)
            file.seek(0)
            file.write(made)
            return made

    def write(self, name: str, content: bytes) -> Path:
        """Put a file there, whole or not at all, readable by the user only."""
        path = self.path / name
        descriptor, draft = tempfile.mkstemp(dir=self.path, prefix=f".{name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            return Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink()
            raise

    @property
    def socket(self) -> Path:
        """Where the embedded Valkey listens: in the home, or nearer to the root when the home lies too deep."""
        near = self.path / "valkey.sock"
        if len(os.fsencode(near)) <= _LONGEST_SOCKET:
            return near
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        return _private(Path(tempfile.gettempdir()) / f"carnet-{os.getuid()}-{digest}") / "valkey.sock"


def _private(directory: Path) -> Path:
    """A directory among other users' files that is surely our own, or a refusal."""
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077 or directory.is_symlink():
        raise CannotStart(f"{directory} belongs to somebody else: choose a --home with a shorter path.")
    return directory
