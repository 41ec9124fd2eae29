"""What is asked for when a package is changed for another one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """Which package is closed for one of which definition, and the branch that sells that, as its home."""

    package_id: str
    definition_id: str
    branch_id: str
