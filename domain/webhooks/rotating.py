"""New secrets, and how long the ones before stay good: the same for what is signed here and what others sign."""

import secrets
from datetime import datetime, timedelta

from domain.kernel.checks import Checks
from domain.kernel.commands import Work
from domain.webhooks.signing import secret_of

LONGEST_HOURS = 168
_KEY_BYTES = 32


def new_secret() -> str:
    """One that nobody can guess."""
    return secret_of(secrets.token_bytes(_KEY_BYTES))


def former_until(work: Work, former_hours: int) -> datetime:
    """Until when the secret of now is good beside the next; refuses InvalidInput."""
    checks = Checks()
    checks.between(former_hours, 0, LONGEST_HOURS, "formerHours")
    checks.passed()
    return work.now + timedelta(hours=former_hours)
