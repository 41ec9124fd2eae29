"""The inputs of the examples in which customers share and hand on."""

from carnet.demo.stage import Stage


def quote(stage: Stage) -> dict[str, object]:
    """Two of Helga's massages for Ivo."""
    return {"package": stage.id("helga's massages"), "recipient": stage.id("ivo"), "sessions": 2}


def handing_on(stage: Stage) -> dict[str, object]:
    """The same, into what he has from her."""
    return {
        "packageId": stage.id("helga's massages"),
        "recipientId": stage.id("ivo"),
        "branchId": stage.id("LIS"),
        "sessions": 2,
        "intoPackageId": stage.id("ivo's massages"),
        "idempotencyKey": "graphiql-hand-on-1",
    }


def undoing(stage: Stage) -> dict[str, str]:
    """What went to the other Ivo."""
    return {
        "transferId": stage.id("one for the wrong ivo"),
        "reason": "It was meant for Ivo Nogueira.",
        "idempotencyKey": "graphiql-undo-1",
    }


def approval(stage: Stage) -> dict[str, str]:
    """What Elsa wants Jonas to have."""
    return {"transferId": stage.id("elsa's for jonas"), "idempotencyKey": "graphiql-approve-1"}


def sharing(stage: Stage) -> dict[str, object]:
    """One massage for Leonor."""
    return {
        "packageId": stage.id("ana's massages"),
        "customerId": stage.id("leonor"),
        "mostSessions": 1,
        "idempotencyKey": "graphiql-share-1",
    }


def revoking(stage: Stage) -> dict[str, str]:
    """No more for Rui."""
    return {
        "packageId": stage.id("ana's massages"),
        "customerId": stage.id("rui silva"),
        "idempotencyKey": "graphiql-revoke-1",
    }


def merging(stage: Stage) -> dict[str, str]:
    """Benedita stays."""
    return {
        "keepId": stage.id("benedita"),
        "mergeId": stage.id("bene"),
        "reason": "The same phone, and she says so.",
        "idempotencyKey": "graphiql-merge-1",
    }
