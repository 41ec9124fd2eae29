"""Why a package cannot be shared as asked, or a share not be revoked."""

from domain.kernel.errors import Refusal


class SharingNotAllowed(Refusal):
    """The terms of the package do not let it be shared this way."""

    code = "SHARING_NOT_ALLOWED"

    def __init__(self, package_id: str, sharing: str) -> None:
        self.package_id, self.sharing = package_id, sharing

    @property
    def message(self) -> str:
        return {
            "NONE": "The terms of the package let nobody but the holder use it. Hand it on, or sell another one.",
            "HOUSEHOLD": "The terms let the package be shared with the holder's household. Share it with that.",
            "NAMED": "The terms let the package be shared with persons by name. Name each of them.",
        }[self.sharing]


class SharedWithHolder(Refusal):
    """The person holds the package, and may use all of it anyway."""

    code = "SHARED_WITH_HOLDER"

    def __init__(self, package_id: str, customer_id: str) -> None:
        self.package_id, self.customer_id = package_id, customer_id

    @property
    def message(self) -> str:
        return "The person holds the package and may use all of it. Name somebody else."

    @property
    def path(self) -> tuple[str, ...]:
        return ("customerId",)


class NotShared(Refusal):
    """The package is not shared, or not with this person."""

    code = "NOT_SHARED"

    def __init__(self, package_id: str, customer_id: str | None) -> None:
        self.package_id, self.customer_id = package_id, customer_id

    @property
    def message(self) -> str:
        if self.customer_id is None:
            return "The package is not shared with anybody now. Share it first."
        return "The package is not shared with this person. Check whom it is shared with."

    @property
    def path(self) -> tuple[str, ...]:
        return () if self.customer_id is None else ("customerId",)
