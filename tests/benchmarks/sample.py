"""What is measured on: one customer's packages traded through the acts, then copied to as many customers as asked."""

from dataclasses import dataclass

from tortoise.models import Model

from domain.customers.models import Customer
from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.ids import LENGTH
from domain.kernel.models import Operation
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.models import JournalEntry, JournalLine, Movement
from domain.ledger.seal import seal_operations
from domain.packages.models import Lot, LotService, Package
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.sell_package import SellPackage
from domain.payments.models import Payment
from domain.payments.record_payment import RecordPayment
from tests.fixtures.chain import Harbour, customer, harbour

_CODE = 4
"""So many digits stand in copied ids for the first characters after the prefix, where no new id has digits only."""

_PACKAGES = "SELECT id FROM package WHERE holder_id = $1"
_OPERATIONS = f"SELECT id FROM operation WHERE customer_id = $1 OR package_id IN ({_PACKAGES})"
_COPIED: tuple[tuple[type[Model], str], ...] = (
    (Customer, "t.id = $1"),
    (Package, "t.holder_id = $1"),
    (Lot, f"t.package_id IN ({_PACKAGES})"),
    (LotService, f"t.lot_id IN (SELECT id FROM lot WHERE package_id IN ({_PACKAGES}))"),
    (Operation, f"t.customer_id = $1 OR t.package_id IN ({_PACKAGES})"),
    (Movement, f"t.package_id IN ({_PACKAGES})"),
    (JournalEntry, f"t.operation_id IN ({_OPERATIONS})"),
    (JournalLine, f"t.entry_id IN (SELECT id FROM journal_entry WHERE operation_id IN ({_OPERATIONS}))"),
    (Payment, f"t.package_id IN ({_PACKAGES})"),
)
_OWN = {"id", "customer_id", "holder_id", "package_id", "lot_id", "operation_id", "entry_id", "reverses"}
"""Columns that name something that is copied too."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Who asks, and what is asked for."""

    chain_id: str
    desk_id: str
    branch_id: str
    service_id: str
    customer_ids: tuple[str, ...]
    package_ids: tuple[str, ...]
    """Packages at home at the branch, each with 8 sessions of the service left."""


async def sample(db: str, customers: int, packages: int = 25) -> Sample:
    """The chain in the open database, audited and sealed as far as the acts and the sealer leave it."""
    house = await harbour(db)
    first = await customer(house.owner, "Bea", "Mark", house.lis)
    for number in range(packages):
        await _traded(house, first, number % 5)
    await copied(first, customers - 1)
    while await seal_operations():
        pass
    await execute("ANALYZE")
    return await _found(house)


async def _traded(house: Harbour, holder: str, kind: int) -> None:
    """One package with six operations; every fifth is of massages that the household shares."""
    definition, service = (house.buy_3_free_1, house.massage) if kind == 4 else (house.ten, house.physio)
    owner = house.owner
    paid = (Received(PaymentMethod.CASH, 10000),)
    sale = await run_command(owner, SellPackage(definition, holder, house.lis, paid, confirmed_duplicate=True))
    package: str = sale.outcome.package_id
    await run_command(owner, RecordPayment(package, house.lis, PaymentMethod.CARD, 5000, "EUR"))
    await _used(owner, service, house.lis, package)
    mistaken = await _used(owner, service, house.lis, package)
    await run_command(owner, ReverseRedemption(mistaken, Fault.BUSINESS, "typed twice"))
    await _used(owner, service, house.mad, package)


async def _used(actor: Actor, service: str, branch: str, package: str) -> str:
    return (await run_command(actor, RedeemSession(service, branch, package))).operation_id


async def copied(customer_id: str, copies: int) -> None:
    """The same rows for more customers, in one statement a table; all acts would take minutes."""
    if copies:
        codes = ", ".join(f"('{number:0{_CODE}}')" for number in range(copies))
        for model, chosen in _COPIED:
            await execute(_copying(model, chosen, codes), customer_id)


def _copying(model: type[Model], chosen: str, codes: str) -> str:
    meta = model._meta
    numbered = meta.pk.generated
    columns = [name for name in meta.fields_db_projection.values() if not (numbered and name == meta.pk_attr)]
    values = ", ".join(_renamed(f"t.{name}") if name in _OWN else f"t.{name}" for name in columns)
    return f"""WITH copies (code) AS (VALUES {codes})
        INSERT INTO {meta.db_table} ({", ".join(columns)})
        SELECT {values} FROM {meta.db_table} t CROSS JOIN copies
        WHERE {chosen} ORDER BY copies.code, t.{meta.pk_attr}"""


def _renamed(column: str) -> str:
    prefix, rest = f"SUBSTR({column}, 1, LENGTH({column}) - {LENGTH})", LENGTH - _CODE - 1
    return f"{prefix} || copies.code || SUBSTR({column}, LENGTH({column}) - {rest})"


async def _found(house: Harbour) -> Sample:
    holders = await rows("SELECT DISTINCT holder_id FROM package ORDER BY holder_id")
    packages = await rows("SELECT id FROM package WHERE definition_id = $1 ORDER BY id", house.ten)
    return Sample(
        house.chain_id,
        house.desk_lis.id,
        house.lis,
        house.physio,
        tuple(row["holder_id"] for row in holders),
        tuple(row["id"] for row in packages),
    )
