"""`carnet sync` as the operator meets it: how it stands, what would be sent, sent, and compared."""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from domain.kernel.db import connect, disconnect
from domain.ledger.seal import seal_operations
from tests.fixtures.chain import harbour
from tests.fixtures.ledgers import traded
from tests.fixtures.synced_systems import Organisation, organisation

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
CHAIN = ("--chain", "Harbour Wellness")


async def carnet(xero: Organisation, database_url: str, home: Path, *options: str) -> tuple[int | None, str, str]:
    """Run the command line next to the Xero: its exit code, and what it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "carnet", "sync", *options, "--home", str(home), "--database-url", database_url),
        cwd=ROOT,
        env=os.environ | {"CARNET_ALLOWED_ADDRESSES": "127.0.0.1", "CARNET_VAULT_KEYS": xero.key, "COLUMNS": "200"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_an_operator_sees_sends_and_compares(sqlite_url: str, tmp_path: Path) -> None:
    async with organisation() as xero:
        await connect(sqlite_url)
        house = await harbour(sqlite_url)
        await xero.connect(house)
        await traded(house)
        await seal_operations()
        await disconnect()

        code, out, err = await carnet(xero, sqlite_url, tmp_path, "dry-run", *CHAIN, "--limit", "2")
        assert (code, err) == (0, "")
        assert out.count('{"ManualJournals":[{"Narration":"') == 2
        assert out.startswith("# Books, not made yet: Package sold, LIS\n")
        assert xero.fake.books.entries == []

        assert (await carnet(xero, sqlite_url, tmp_path, "run", *CHAIN))[1] == "Books: 6 documents sent or looked for\n"
        _, out, _ = await carnet(xero, sqlite_url, tmp_path, "status", *CHAIN, "--connection", "Books")
        assert [part.strip() for part in out.splitlines()[3].strip("│").split("│")] == [
            "Books",
            "XERO",
            "ACTIVE",
            *("0", "0", "6", "0", "0", "0"),
            "0",
        ]

        code, out, _ = await carnet(xero, sqlite_url, tmp_path, "reconcile", *CHAIN)
        assert (code, out.splitlines()[-1]) == (0, "The books agree.")
        xero.fake.books.entries[0] = replace(xero.fake.books.entries[0], gone=True)
        code, out, _ = await carnet(xero, sqlite_url, tmp_path, "reconcile", *CHAIN)
        assert (code, out.splitlines()[-1]) == (1, "Books: 2 differences.")
        assert out.count("MISSING") == 2

        code, out, err = await carnet(xero, sqlite_url, tmp_path, "run", *CHAIN, "--connection", "Odoo")
        assert (code, out) == (2, "")
        assert "There is no connection 'Odoo' in this chain; there are: Books." in err
