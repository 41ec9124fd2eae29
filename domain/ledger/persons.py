"""Who customers are by now: what was written under the id of one who was merged into another belongs to that one."""


def persons(customer_ids: str) -> str:
    """The subquery of the ids under which these customers were ever known; takes the placeholder of a list."""
    return f"(SELECT w.id FROM customer w WHERE w.id = ANY({customer_ids}) OR w.merged_into_id = ANY({customer_ids}))"


def person(column: str) -> str:
    """The expression of who the customer in a column is by now."""
    return f"(SELECT COALESCE(w.merged_into_id, w.id) FROM customer w WHERE w.id = {column})"
