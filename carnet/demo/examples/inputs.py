"""The inputs of the examples that carry out an act."""

from datetime import time

from carnet.demo.stage import Stage


def redemption(stage: Stage) -> dict[str, str]:
    """Ana's physiotherapy."""
    return {
        "customerId": stage.id("ana"),
        "serviceId": stage.id("PHY45"),
        "branchId": stage.id("LIS"),
        "practitionerId": stage.id("paulo"),
        "idempotencyKey": "graphiql-redeem-1",
    }


def booking(stage: Stage) -> dict[str, object]:
    """Ana's massage of next week."""
    start = stage.past.local(8, time(18))
    return {
        "customerId": stage.id("ana"),
        "serviceId": stage.id("MAS60"),
        "branchId": stage.id("LIS"),
        "starts": [{"local": start.isoformat(timespec="minutes")}],
        "idempotencyKey": f"graphiql-book-{start.date()}",
    }


def sale(stage: Stage) -> dict[str, object]:
    """Physiotherapy for Clara."""
    return {
        "definitionId": stage.id("PHY10"),
        "customerId": stage.id("clara"),
        "branchId": stage.id("LIS"),
        "payments": [{"method": "CARD", "amount": _euros("200.00")}],
        "idempotencyKey": "graphiql-sell-1",
    }


def sale_by_instalments(stage: Stage) -> dict[str, object]:
    """Facials for Tiago; the key has the day, as the days of the instalments are counted from it."""
    return {
        "definitionId": stage.id("FAC5"),
        "customerId": stage.id("tiago"),
        "branchId": stage.id("LIS"),
        "payments": [{"method": "CASH", "amount": _euros("49.00")}],
        "instalments": [{"dueOn": stage.past.day(days), "amount": _euros("100.00")} for days in (30, 60)],
        "idempotencyKey": f"graphiql-instalments-{stage.past.today}",
    }


def payment_from_credit(stage: Stage) -> dict[str, object]:
    """What Tiago still owes for his yoga."""
    return {
        "packageId": stage.id("tiago's yoga"),
        "branchId": stage.id("LIS"),
        "method": "CUSTOMER_CREDIT",
        "amount": _euros("20.00"),
        "idempotencyKey": "graphiql-credit-1",
    }


def void(stage: Stage) -> dict[str, object]:
    """Gil's package, which is too large."""
    return {
        "packageId": stage.id("gil's reformer"),
        "reason": "He had asked for ten sessions.",
        "idempotencyKey": "graphiql-void-1",
    }


def definition(stage: Stage) -> dict[str, object]:
    """A smaller physiotherapy package; for refunds it adopts a ready policy, with days of cooling-off besides."""
    return {
        "code": "PHY5",
        "name": "Physio 5-pack",
        "items": [{"services": [stage.id("PHY45")], "paid": 5}],
        "price": _euros("235.00"),
        "validity": {"days": 120, "expiry": "SOFT", "graceDays": 7},
        "refund": {"preset": "straight-line", "coolingOffDays": 14},
    }


def _euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}
