"""Why a customer cannot be registered or a household not be formed."""

from domain.kernel.errors import Refusal


class CustomerExists(Refusal):
    """Somebody with the same phone and the same name is a customer of the chain already."""

    code = "CUSTOMER_EXISTS"

    def __init__(self, customer_id: str | None) -> None:
        self.customer_id = customer_id

    @property
    def message(self) -> str:
        return "A customer with this phone and name exists. Use that one, or say that this is somebody else."


class CustomerReferenceTaken(Refusal):
    """Another customer of the chain is known by this reference."""

    code = "CUSTOMER_REFERENCE_TAKEN"

    def __init__(self, reference: str, customer_id: str | None) -> None:
        self.reference, self.customer_id = reference, customer_id

    @property
    def message(self) -> str:
        return f"The reference {self.reference!r} belongs to another customer. Choose another one."

    @property
    def path(self) -> tuple[str, ...]:
        return ("references",)


class AlreadyInHousehold(Refusal):
    """The customer is a member of a household, and nobody is a member of two."""

    code = "ALREADY_IN_HOUSEHOLD"

    def __init__(self, customer_id: str, household_id: str, field: str = "customerIds") -> None:
        self.customer_id, self.household_id, self._field = customer_id, household_id, field

    @property
    def message(self) -> str:
        return "A customer belongs to another household. Let them leave it first, or go on without them."

    @property
    def path(self) -> tuple[str, ...]:
        return (self._field,)


class NotInHousehold(Refusal):
    """The customer is not a member of the household."""

    code = "NOT_IN_HOUSEHOLD"

    def __init__(self, customer_id: str, field: str) -> None:
        self.customer_id, self._field = customer_id, field

    @property
    def message(self) -> str:
        return "A customer is not in the household. Add them to it first, or leave them out."

    @property
    def path(self) -> tuple[str, ...]:
        return (self._field,)


class GuardianNeeded(Refusal):
    """The household would have members and no guardian."""

    code = "GUARDIAN_NEEDED"

    def __init__(self, household_id: str) -> None:
        self.household_id = household_id

    @property
    def message(self) -> str:
        return "A household with members keeps at least one guardian. Name another guardian along with this change."

    @property
    def path(self) -> tuple[str, ...]:
        return ("guardians",)
