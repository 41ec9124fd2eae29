"""Which packages of others customers may use or see: for whoever asks what is theirs."""

_BY_HOUSEHOLD = """FROM customer me JOIN customer h ON h.household_id = me.household_id
        JOIN package q ON q.holder_id = h.id AND q.sharing = 'HOUSEHOLD'
    WHERE h.id <> me.id AND me.id"""
_BY_NAME = """FROM share s JOIN package q ON q.id = s.package_id AND q.sharing = 'NAMED'
    WHERE s.revoked_at IS NULL AND s.customer_id"""

SHARED_WITH = f"""SELECT q.id AS package_id, q.sold_at, me.id AS person_id {_BY_HOUSEHOLD} = ANY({{ids}})
    UNION SELECT q.id, q.sold_at, s.customer_id {_BY_NAME} = ANY({{ids}})"""
"""The packages that others share with the customers of the placeholder `ids`, each with whom."""

HELD_OR_SHARED = f"""SELECT q.id FROM package q WHERE q.holder_id = {{own}}
    UNION SELECT q.id {_BY_HOUSEHOLD} = {{own}} UNION SELECT q.id {_BY_NAME} = {{own}}"""
"""The ids of the packages that the customer of the placeholder `own` holds or others share with them."""

SEEN = f"""{HELD_OR_SHARED} UNION SELECT q.id FROM customer me JOIN customer h ON h.household_id = me.household_id
        JOIN package q ON q.holder_id = h.id AND q.sharing = 'NAMED'
    WHERE me.id = {{own}} AND me.guardian"""
"""The ids of the packages that a customer sees: a guardian also those that the household may share by name."""
