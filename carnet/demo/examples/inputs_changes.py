"""The inputs of the examples in which customers change their minds."""

from carnet.demo.stage import Stage


def quote(stage: Stage) -> dict[str, object]:
    """Two of the sessions that Mariana has left."""
    return {"package": stage.id("mariana's osteopathy"), "sessions": 2}


def asking_back(stage: Stage) -> dict[str, object]:
    """The same."""
    return {
        "packageId": stage.id("mariana's osteopathy"),
        "sessions": 2,
        "reason": "She will be away in spring.",
        "idempotencyKey": "graphiql-refund-1",
    }


def approval(stage: Stage) -> dict[str, str]:
    """What Irene wants back."""
    return {"refundId": stage.id("irene's refund"), "idempotencyKey": "graphiql-refund-approved-1"}


def payout(stage: Stage) -> dict[str, str]:
    """What Otto gets, at the desk in Lisbon."""
    return {
        "refundId": stage.id("otto's refund"),
        "branchId": stage.id("LIS"),
        "idempotencyKey": "graphiql-refund-paid-1",
    }


def top_up(stage: Stage) -> dict[str, object]:
    """Two for Mariana."""
    return {
        "packageId": stage.id("mariana's osteopathy"),
        "branchId": stage.id("LIS"),
        "sessions": 2,
        "payments": [{"method": "CASH", "amount": {"amount": "110.00", "currency": "EUR"}}],
        "idempotencyKey": "graphiql-top-up-1",
    }


def upgrade(stage: Stage) -> dict[str, object]:
    """Sixteen for Lena, in Madrid; she pays a part at once."""
    return {
        "packageId": stage.id("lena's osteopathy"),
        "definitionId": stage.id("OST16"),
        "branchId": stage.id("MAD"),
        "payments": [{"method": "CARD", "amount": {"amount": "200.00", "currency": "EUR"}}],
        "idempotencyKey": "graphiql-upgrade-1",
    }


def simulation(stage: Stage) -> dict[str, object]:
    """The ready policy that goes by list prices, for all refunds of a year."""
    return {"from": stage.past.day(-365), "to": stage.past.today, "policy": {"preset": "list-price"}}
