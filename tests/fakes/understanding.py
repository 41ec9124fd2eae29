"""What a fake answers to a call that it does not understand: it is the caller's mistake, and no fault of the fake."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response


def not_understood(answer: Callable[[str], Response]) -> Mapping[Any, Any]:
    """Handlers of Starlette for what reading a call raises; what a test must not do is asserted, and stays a fault."""

    async def handle(_request: Request, error: Exception) -> Response:
        return answer(f"The call is not understood: {error!r}")

    return dict.fromkeys((LookupError, TypeError, ValueError, AttributeError), handle)
