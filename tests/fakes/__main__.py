"""The fakes beside a demo, on one port, until a signal; carnet/fakes.py starts it and writes the file."""

import sys
from pathlib import Path

import orjson
import uvicorn

from tests.fakes.together import together


def main(port: str, file: str) -> None:
    """Serve them; what they keep lies beside the file."""
    told = Path(file)
    app = together(orjson.loads(told.read_bytes()), told.parent)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
