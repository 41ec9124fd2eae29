"""Every step says what it did to the money of the package, and what became of the price always sums up to it."""

# ruff: noqa: RUF001 - the sign of multiplication is the one that people read

from dataclasses import asdict
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.ledger.accounts import Account, PaymentMethod, Received, Refunded
from domain.ledger.rules import Bucket, Origin
from domain.packages.steps import Story
from domain.packages.trace import Agreed, Moved, Step, Trace
from domain.packages.trace_books import Books
from tests.fixtures.books_told import HOME, PACKAGE, TERMS, THEN, PackageTold
from tests.fixtures.properties import steadily


def words(told: PackageTold) -> list[tuple[str, str]]:
    return [(step.label, step.formula) for step in told.told()[0]]


def changed(step: Step) -> dict[str, int]:
    """What a step changed, in minor units by name."""
    return {name.removesuffix("_minor"): amount for name, amount in asdict(step.change).items() if amount}


def last(told: PackageTold) -> tuple[str, str, dict[str, int]]:
    step = told.told()[0][-1]
    return step.label, step.formula, changed(step)


def identity(told: PackageTold) -> str:
    return told.told()[1].identity("EUR")


def test_the_tax_of_a_sale_comes_with_the_last_of_its_lots() -> None:
    told = PackageTold(45000, 9000, (5, 5))
    steps, _ = told.told()
    assert [(step.formula, changed(step)) for step in steps] == [
        ("450.00 × 5 / 10 = 225.00", {"price": 22500, "deferred": 22500}),
        (
            "450.00 × 5 / 10 = 225.00; 450.00 + 90.00 tax = 540.00",
            {"price": 31500, "deferred": 22500, "tax": 9000},
        ),
    ]
    assert identity(told) == "540.00 price = 90.00 tax + 450.00 deferred."


def test_tax_that_falls_due_with_use_is_told_with_it() -> None:
    told = PackageTold(45000, 9000, (10,), later=True)
    told.use("lot_0", 1)
    assert last(told) == (
        "1 session was used.",
        "540.00 × 1 / 10 = 54.00; 54.00 = 45.00 + 9.00 tax",
        {"deferred": -5400, "recognised": 4500, "tax": 900},
    )
    assert identity(told) == "540.00 price = 45.00 recognised + 9.00 tax + 486.00 deferred."


def test_breakage_that_is_expected_is_released_along_and_estimated_anew() -> None:
    told = PackageTold(45000, 9000, (10,), bp=2000)
    for _ in range(4):
        told.use("lot_0", 1)
    step = told.told()[0][1]
    assert (step.formula, changed(step)) == (
        "450.00 × 1 / 10 = 45.00; 56.25 = 45.00 + 11.25 breakage",
        {"deferred": -5625, "recognised": 4500, "breakage": 1125},
    )
    told.estimate(0)
    assert last(told) == (
        "0 % of the sessions are expected never to be used.",
        "450.00 × 4 / 10 = 180.00; 45.00 back to deferred",
        {"deferred": 4500, "breakage": -4500},
    )
    told.estimate(5625)
    assert last(told)[1] == "450.00 × 4 / 4.375 ≈ 411.43; 231.43 more recognised"
    told.estimate(7500)
    assert last(told)[:2] == (
        "75 % of the sessions are expected never to be used.",
        "450.00 × 4 / 2.5 = 720.00, at most 450.00; 38.57 more recognised",
    )
    told.use("lot_0", 1)
    assert last(told)[1] == (
        "450.00 × 5 / 2.5 = 900.00, at most 450.00; 450.00 - 450.00 = 0.00; 0.00 = 45.00 - 45.00 breakage"
    )
    assert identity(told) == "540.00 price = 225.00 recognised + 225.00 breakage + 90.00 tax."


def test_what_lapses_is_breakage_but_for_tax_that_falls_due() -> None:
    told = PackageTold(45000, 9000, (10,), later=True)
    told.use("lot_0", 2)
    told.lapse("lot_0", due=True)
    assert last(told)[1:] == (
        "432.00 × 8 / 8 = 432.00; 432.00 = 360.00 breakage + 72.00 tax",
        {"deferred": -43200, "breakage": 36000, "tax": 7200},
    )
    told.reinstate()
    assert last(told)[1:] == (
        "0.00 + 432.00 = 432.00",
        {"deferred": 43200, "breakage": -36000, "tax": -7200},
    )
    told.lapse("lot_0", due=False)
    assert last(told)[1:] == ("432.00 × 8 / 8 = 432.00", {"deferred": -43200, "breakage": 43200})
    assert identity(told) == "540.00 price = 90.00 recognised + 432.00 breakage + 18.00 tax."


def test_payments_kept_from_credit_and_taken_back() -> None:
    told = PackageTold(45000, 0, (10,))
    told.pay(40000, 0, PaymentMethod.CUSTOMER_CREDIT)
    told.pay(5000, 1000)
    told.take_back(told.paid[1])
    assert words(told)[1:] == [
        ("400.00 EUR was paid from credit.", "450.00 - 400.00 = 50.00 outstanding"),
        (
            "60.00 EUR was paid in cash, 10.00 of it kept as credit.",
            "60.00 - 10.00 kept as credit = 50.00; 50.00 - 50.00 = 0.00 outstanding",
        ),
        (
            "60.00 EUR that was paid in cash was taken back.",
            "60.00 - 10.00 kept as credit = 50.00; 0.00 + 50.00 = 50.00 outstanding",
        ),
    ]
    steps, books = told.told()
    assert [changed(step) for step in steps[1:]] == [{"paid": 40000}, {"paid": 5000}, {"paid": -5000}]
    assert [step.after.outstanding_minor for step in steps] == [45000, 5000, 0, 5000]
    assert (books.paid_minor, books.outstanding_minor) == (40000, 5000)


def test_a_sale_that_was_voided() -> None:
    told = PackageTold(45000, 9000, (10,))
    told.pay(54000, 0)
    told.void()
    assert words(told)[2:] == [
        ("540.00 EUR that was paid in cash was taken back.", "0.00 + 540.00 = 540.00 outstanding"),
        ("10 sessions were taken back with the sale.", "450.00 × 10 / 10 = 450.00"),
        ("The sale was voided.", "450.00 + 90.00 = 540.00"),
    ]
    steps, books = told.told()
    assert [changed(step) for step in steps[2:]] == [
        {"paid": -54000},
        {"credited": 45000, "deferred": -45000},
        {"credited": 9000, "tax": -9000},
    ]
    assert books == Books(price_minor=54000, credited_minor=54000)
    assert identity(told) == "540.00 price - 540.00 credited = 0.00 recognised."


def test_a_dispute_that_was_lost() -> None:
    told = PackageTold(45000, 9000, (10,))
    told.pay(54000, 0, PaymentMethod.ONLINE_LINK)
    told.use("lot_0", 4)
    told.lose(54000, "lot_0", 6)
    assert words(told)[3:] == [
        ("A payment of 540.00 EUR was disputed.", "540.00 + 15.00 fee = 555.00"),
        ("6 sessions were taken away for the lost dispute.", "270.00 × 6 / 6 = 270.00"),
        ("The dispute was lost, and 540.00 EUR never comes back.", "270.00 + 54.00 + 216.00 = 540.00"),
    ]
    steps, _ = told.told()
    assert [changed(step) for step in steps[3:]] == [
        {"disputed": 54000, "provider_fees": 1500},
        {"deferred": -27000, "refunded": 27000},
        {"tax": -5400, "refunded": 27000, "bad_debt": 21600, "disputed": -54000},
    ]
    assert identity(told) == "540.00 price = 180.00 recognised + 36.00 tax + 540.00 refunded - 216.00 bad debt."


def test_a_refund_that_was_agreed_and_paid_out() -> None:
    told = PackageTold(45000, 9000, (10,))
    told.pay(50000, 0)
    told.use("lot_0", 4)
    told.refund("lot_0", 6, Refunded(HOME, PACKAGE, 0, 5000, 26500, 1000, 200, 4000, 700))
    told.pay_out(26500)
    given_up = "270.00 value + 48.00 tax + 7.00 conceded"
    assert words(told)[3:] == [
        ("6 sessions were refunded.", "270.00 × 6 / 6 = 270.00"),
        (
            "A refund of 265.00 EUR was agreed.",
            f"{given_up} - 10.00 for what was used - 40.00 owed no more - 10.00 fee = 265.00",
        ),
        ("265.00 EUR of the refund was paid out in cash.", "265.00 = 265.00"),
    ]
    steps, books = told.told()
    assert [changed(step) for step in steps[3:]] == [
        {"deferred": -27000, "refunded": 27000},
        {
            "tax": -4800,
            "concessions": 700,
            "recognised": 1000,
            "credited": 4000,
            "fees": 1000,
            "refunded": -500,
        },
        {},
    ]
    assert identity(told) == (
        "540.00 price - 40.00 credited = 190.00 recognised + 42.00 tax + 265.00 refunded + 10.00 fees"
        " - 7.00 concessions."
    )
    assert (books.outstanding_minor, books.paid_minor) == (0, 50000)


def test_a_package_that_was_upgraded() -> None:
    told = PackageTold(45000, 9000, (10,))
    told.pay(50000, 0)
    told.use("lot_0", 4)
    told.upgrade(28000, 5400)
    assert words(told)[3:] == [
        ("6 sessions were moved into the package that this one was upgraded to.", "270.00 × 6 / 6 = 270.00"),
        (
            "The package was upgraded to another.",
            "270.00 value + 54.00 tax - 4.00 for what was used - 40.00 owed no more = 280.00",
        ),
    ]
    steps, _ = told.told()
    assert [changed(step) for step in steps[3:]] == [
        {"deferred": -27000, "moved_in": -27000},
        {"tax": -5400, "recognised": 400, "credited": 4000, "moved_in": -1000},
    ]
    assert identity(told) == ("540.00 price - 40.00 credited - 280.00 moved on = 184.00 recognised + 36.00 tax.")


def test_a_package_that_an_upgrade_opened() -> None:
    told = PackageTold.opened(80000, 16000, 20, 62000)
    told.pay(62000, 0)
    assert words(told) == [
        ("20 sessions were bought.", "800.00 × 20 / 20 = 800.00"),
        ("The package was opened for another one that was upgraded.", "340.00 brought + 620.00 to be paid = 960.00"),
        ("620.00 EUR was paid in cash.", "620.00 - 620.00 = 0.00 outstanding"),
    ]
    steps, books = told.told()
    assert [changed(step) for step in steps] == [
        {"price": 80000, "deferred": 80000},
        {"price": 16000, "tax": 16000, "brought": 34000},
        {"paid": 62000},
    ]
    assert (books.price_minor, books.brought_minor, books.outstanding_minor) == (96000, 34000, 0)
    assert identity(told) == "960.00 price = 160.00 tax + 800.00 deferred."


def test_value_that_moves_on_or_was_taken_over_counts_as_it_comes() -> None:
    told = PackageTold(45000, 0, (10,))
    told.use("lot_0", 4)
    told.move_on("lot_0")
    assert last(told)[1:] == ("270.00 × 6 / 6 = 270.00", {"deferred": -27000, "moved_in": -27000})
    assert identity(told) == "450.00 price - 270.00 moved on = 180.00 recognised."


def test_what_was_used_before_is_in_other_books() -> None:
    issued = Moved("lot_a", Origin.IMPORT, False, 0, Bucket.ISSUED, Bucket.AVAILABLE, 10, 45000, None, None)
    used = Moved("lot_a", Origin.IMPORT, False, 0, Bucket.AVAILABLE, Bucket.CONSUMED, 4, 18000, None, None)
    traces = [Trace("op_a", "import_package", THEN, THEN, None, None, what) for what in (issued, used)]
    story = Story(TERMS, "EUR", 45000, {"op_a": Books(price_minor=5000)})
    steps = story.tell(traces)
    assert [changed(step) for step in steps] == [
        {"price": 45000, "paid": 40000, "deferred": 45000},
        {"deferred": -18000, "used_before": 18000},
    ]
    assert story.balance.books.identity("EUR") == "450.00 price = 270.00 deferred + 180.00 used before."
    assert Story(TERMS, "EUR", 45000, {}).tell(traces)[0].after.outstanding_minor == 0, (
        "nothing is owed, none is booked"
    )


def test_a_plan_of_instalments_changes_no_money() -> None:
    plan = Agreed(((date(2026, 4, 1), 20000), (date(2026, 5, 1), 25000)))
    told = PackageTold(45000, 0, (10,))
    told.note("agree_instalments", [plan])
    assert last(told) == (
        "2 instalments were agreed, the last due on 2026-05-01.",
        "200.00 + 250.00 = 450.00",
        {},
    )
    told.note("agree_instalments", [Agreed(((date(2026, 4, 1), 45000),))])
    assert last(told)[:2] == ("1 instalment was agreed, due on 2026-04-01.", "450.00 = 450.00")


def test_nothing_told_is_a_sum_of_nothing() -> None:
    assert Books().identity("EUR") == "0.00 price = 0.00 recognised."


KINDS = (
    "use",
    "away",
    "undo",
    "lapse",
    "reinstate",
    "pay",
    "take back",
    "estimate",
    "move on",
    "take over",
    "lose",
    "refund",
    "upgrade",
    "void",
)


def carry_out(told: PackageTold, kind: str, n: int) -> None:
    """What is possible of it."""
    lot_id = told.lot(n, told.available)
    if lot_id:
        with_sessions(told, kind, n, lot_id)
    match kind:
        case "undo" if told.uses:
            told.undo()
        case "reinstate" if told.lapses:
            told.reinstate()
        case "estimate":
            told.estimate(n % 10_000)
        case "take over":
            told.take_over(n)
        case _:
            with_money(told, kind, n)


def with_sessions(told: PackageTold, kind: str, n: int, lot_id: str) -> None:
    """What takes sessions of a lot."""
    count = n % told.available(lot_id) + 1
    match kind:
        case "use" | "away":
            told.use(lot_id, count, "brn_a" if kind == "use" else "brn_b")
        case "lapse":
            told.lapse(lot_id, due=n % 2 == 0)
        case "move on":
            told.move_on(lot_id)
        case "lose":
            told.lose(n + 1, lot_id, count)
        case "refund":
            back, cleared = n % 700, min(n % 90, told.outstanding())
            agreed = Refunded(HOME, PACKAGE, 0, n % 50, back, n % 30, n % 7, cleared, n % 20)
            told.refund(lot_id, count, agreed)
            if back:
                told.pay_out(back)
        case "upgrade" if told.outstanding() >= 0:
            told.upgrade(n % 900, n % 40)


def with_money(told: PackageTold, kind: str, n: int) -> None:
    """What changes payments, or ends the sale."""
    match kind:
        case "pay" if told.outstanding():
            told.pay(n % told.outstanding() + 1, n % 3, list(PaymentMethod)[n % len(PaymentMethod)])
        case "take back" if told.paid:
            told.take_back(told.paid[n % len(told.paid)])
        case "void" if all(isinstance(each.what, Received) or each.operation_id == "op_0" for each in told.traces):
            told.void()


HISTORIES = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 60_000)), min_size=6, max_size=24)


@steadily
@given(
    st.integers(0, 100_000),
    st.integers(0, 20_000),
    st.lists(st.integers(1, 9), min_size=1, max_size=3),
    st.booleans(),
    st.integers(0, 9_000),
    HISTORIES,
)
def test_whatever_is_done_the_books_are_those_of_the_journal(
    net: int, tax: int, sessions: list[int], later: bool, bp: int, done: list[tuple[str, int]]
) -> None:
    told = PackageTold(net, tax, sessions, later, bp)
    for kind, n in done:
        carry_out(told, kind, n)
    refuse_other_books(told, paid_before=0)


@steadily
@given(st.integers(1, 100_000), st.integers(1, 12), st.integers(0, 12), st.integers(0, 100_000), HISTORIES)
def test_whatever_is_done_to_a_package_that_was_brought_in(
    price: int, sessions: int, used: int, unpaid: int, done: list[tuple[str, int]]
) -> None:
    unpaid = min(unpaid, price)
    told = PackageTold.imported(price, sessions, min(used, sessions), unpaid)
    for kind, n in done:
        if kind != "void":
            carry_out(told, kind, n)
    refuse_other_books(told, paid_before=price - unpaid)


def refuse_other_books(told: PackageTold, paid_before: int) -> None:
    """What is told comes to what the journal has, and every step keeps to the price."""
    steps, books = told.told()
    assert all(step.change.balanced and step.after.books.balanced for step in steps)
    journal = told.net()
    assert books.deferred_minor == journal[Account.DEFERRED_REVENUE]
    assert books.deferred_minor == sum(lot.value_left_minor for lot in told.draft.lots.values())
    assert books.outstanding_minor == -journal[Account.RECEIVABLE]
    assert books.recognised_minor == journal[Account.REVENUE]
    assert books.breakage_minor == journal[Account.BREAKAGE_REVENUE]
    assert books.tax_minor == journal[Account.TAX_PAYABLE]
    assert (books.fees_minor, books.concessions_minor) == (
        journal[Account.FEE_INCOME],
        -journal[Account.PRICE_CONCESSION],
    )
    assert (books.bad_debt_minor, books.disputed_minor) == (-journal[Account.BAD_DEBT], -journal[Account.DISPUTES])
    assert books.provider_fees_minor == -journal[Account.PROVIDER_FEES]
    assert books.price_minor == told.price
    assert books.paid_minor == paid_before + sum(received.settled_minor for received in told.paid)
