"""`/hooks/<hook>`: the entrance for what other systems tell, answered as soon as it is safe."""

from secrets import token_hex

import orjson
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from domain.inbox import receiving
from domain.inbox.receiving import HookIsClosed, NoSuchHook
from domain.inbox.verification import NotTaken, SignatureWrong
from schema.answers import Answer, MethodNotAllowed, refused
from schema.negotiation import accepted
from schema.request import read_body, refuse_declared_length

PATH = "/hooks"
_JSON = b"application/json; charset=utf-8"
_TAKEN = Answer(200, _JSON, b'{"received":true}')
_STATUS: dict[type[NotTaken], int] = {SignatureWrong: 401, NoSuchHook: 404, HookIsClosed: 410}
"""All else that is not taken is 400."""


def hooks_route() -> Route:
    """The address of hooks; what else begins so is no hook, and nobody is sent on."""
    return Route(f"{PATH}/{{hook:path}}", Hooks())


class Hooks:
    """The ASGI application that takes events; who sends one again gets the same answer again."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        with bound_contextvars(request_id=request_id):
            try:
                answer = await _answer(scope, receive, request_id)
            except ClientDisconnect:
                return
            except Exception as exc:
                answer = refused(exc, accepted(""), request_id)
            await answer.send(send, request_id)


async def _answer(scope: Scope, receive: Receive, request_id: str) -> Answer:
    if scope["method"] != "POST":
        raise MethodNotAllowed(f"{scope['method']} cannot be used here.", "POST")
    headers = Headers(scope=scope)
    refuse_declared_length(headers.get("content-length"))
    try:
        door = await receiving.door(scope["path_params"]["hook"])
        await receiving.receive(door, headers, await read_body(receive))
    except NotTaken as reason:
        said = {"message": str(reason), "extensions": {"code": reason.code, "requestId": request_id}}
        return Answer(_STATUS.get(type(reason), 400), _JSON, orjson.dumps({"errors": [said]}))
    return _TAKEN
