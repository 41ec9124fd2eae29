"""The inputs of the examples between branches."""

from carnet.demo.stage import Stage


def approval(stage: Stage) -> dict[str, str]:
    """What the accountant drafted."""
    return {"settlementId": stage.id("settlement drafted"), "note": "Agreed with both managers."}


def confirmation(stage: Stage) -> dict[str, str]:
    """All lines of it, today."""
    return {"settlementId": stage.id("settlement drafted"), "idempotencyKey": "graphiql-settled-1"}


def settlement(stage: Stage) -> dict[str, object]:
    """All days until the day before yesterday, which is over everywhere; the key has the day, as they end with it."""
    days = {"from": stage.past.day(-365), "until": stage.past.day(-2)}
    return {"period": days, "idempotencyKey": f"graphiql-settle-{stage.past.today}"}


def acceptance(stage: Stage) -> dict[str, str]:
    """Yara's physiotherapy."""
    return {"branchTransferId": stage.id("yara's physio, move"), "idempotencyKey": "graphiql-accept-1"}
