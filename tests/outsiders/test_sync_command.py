"""`carnet sync` as the operator meets it: how it stands, what would be sent, sent, and compared."""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from carnet.syncing import Agreement
from domain.kernel.db import connect, disconnect
from domain.ledger.seal import seal_operations
from tests.fixtures.chain import harbour
from tests.fixtures.ledgers import traded
from tests.fixtures.synced_systems import Organisation, organisation

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
CHAIN = ("--chain", "Harbour Wellness")


async def carnet(
    xero: Organisation, database_url: str, home: Path, *options: str, allowed: str = "127.0.0.1"
) -> tuple[int | None, str, str]:
    """Run the command line next to the Xero, in 80 columns: its exit code, and what it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "carnet", "sync", *options, "--home", str(home), "--database-url", database_url),
        cwd=ROOT,
        env=os.environ | {"CARNET_ALLOWED_ADDRESSES": allowed, "CARNET_VAULT_KEYS": xero.key, "COLUMNS": "80"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


def test_what_waits_is_said_and_a_difference_counts_more_than_what_could_not_be_compared() -> None:
    waits, unread = Agreement(waiting=146), Agreement(not_compared=["Xero cannot be compared now."])
    assert (str(waits), waits.exit_code) == ("The books agree, but for documents that are not there yet: 146.", 0)
    assert unread.exit_code == 2
    differs = Agreement(["Odoo: 2 differences in 1 document."], unread.not_compared)
    assert (str(differs), differs.exit_code) == (
        "Odoo: 2 differences in 1 document.\nXero cannot be compared now.",
        1,
    )


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

        code, closed, _ = await carnet(xero, sqlite_url, tmp_path, "run", *CHAIN, allowed="")
        assert (code, xero.fake.behaviour.calls) == (1, [])
        assert closed == (
            "Books is not called: the guard of addresses says that its api leads to 127.0.0.1, which is not on the "
            "public internet; whoever runs Carnet can allow it by CARNET_ALLOWED_ADDRESSES. Set "
            "CARNET_ALLOWED_ADDRESSES here as it is set for the worker.\n"
        )
        assert (await carnet(xero, sqlite_url, tmp_path, "run", *CHAIN))[1] == "Books: 6 documents sent or looked for\n"
        _, out, _ = await carnet(xero, sqlite_url, tmp_path, "status", *CHAIN, "--connection", "Books")
        assert out == (
            "Books: XERO, ACTIVE, 0 operations behind\n"
            "    pending 0, sending 0, sent 6, rejected 0, uncertain 0, verified 0\n"
        )

        code, out, _ = await carnet(xero, sqlite_url, tmp_path, "reconcile", *CHAIN)
        assert (code, out.splitlines()[-1]) == (0, "The books agree.")
        xero.fake.books.entries[0] = replace(xero.fake.books.entries[0], gone=True)
        code, out, _ = await carnet(xero, sqlite_url, tmp_path, "reconcile", *CHAIN)
        assert (code, out.splitlines()[-1]) == (1, "Books: 2 differences in 1 document.")
        gone = xero.fake.books.entries[0]
        assert out.splitlines()[0] == f"{gone.day} MISSING {gone.document_id}"
        assert out.splitlines()[1:3] == [
            f"    {account}: expected {minor / 100:.2f}, found 0.00 EUR"
            for account, minor in sorted(gone.amounts.items())
        ]
        assert out.splitlines()[3] == "    If it was removed there by mistake, retry the document: it is looked for,"

        code, out, _ = await carnet(xero, sqlite_url, tmp_path, "reconcile", *CHAIN, allowed="")
        assert (code, out[:20]) == (2, "Books is not called:")

        code, out, err = await carnet(xero, sqlite_url, tmp_path, "run", *CHAIN, "--connection", "Odoo")
        assert (code, out) == (2, "")
        assert "There is no connection 'Odoo' in this chain; there are: Books." in err
