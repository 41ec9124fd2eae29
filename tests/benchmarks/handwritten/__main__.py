"""Serves the hand-written application as `carnet serve` serves Carnet; prints the port once it listens."""

import sys

import uvicorn

from schema.token_settings import TokenSettings
from tests.benchmarks.handwritten.app import create_app

if __name__ == "__main__":
    database_url, secret, port = sys.argv[1:]
    uvicorn.run(
        create_app(database_url, TokenSettings(secret=secret)),
        port=int(port),
        http="httptools",
        loop="uvloop",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
    )
