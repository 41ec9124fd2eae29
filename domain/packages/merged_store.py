"""What is said where a customer is named with whom nothing can be done, because they are somebody else by now."""

from domain.kernel.db import rows
from domain.kernel.errors import NotFound, Refusal
from domain.packages.errors import CustomerMerged


async def no_customer(chain_id: str, customer_id: str, *path: str) -> Refusal:
    """The refusal of a customer who does not act: it names whom they were merged into, or says that there is none.

    Only for those who may name everybody in the chain; to a customer others do not exist.
    """
    found = await rows(
        "SELECT merged_into_id AS id FROM customer WHERE chain_id = $1 AND id = $2 AND merged_into_id IS NOT NULL",
        chain_id,
        customer_id,
    )
    return CustomerMerged(customer_id, found[0]["id"], *path) if found else NotFound("customer", customer_id, *path)
