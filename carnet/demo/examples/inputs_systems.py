"""The inputs of the examples with other systems."""

from carnet.demo.stage import Stage


def connection(stage: Stage) -> dict[str, object]:
    """Files for hledger."""
    return {
        "name": "hledger",
        "system": {"plainText": {"format": "HLEDGER"}},
        "mode": "PER_ENTRY",
        "startsOn": stage.past.last_month()[0],
    }


def mapping(stage: Stage) -> dict[str, object]:
    """Fees in Lisbon, in Xero; the account is one that it has."""
    tracked = [{"name": "Branch", "value": "Lisbon Chiado"}]
    row = {"account": "FEE_INCOME", "branchId": stage.id("LIS"), "remoteAccount": "4000", "dimensions": tracked}
    return {"connectionId": stage.id("Xero"), "rows": [row]}
