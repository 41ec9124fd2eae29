"""What webhooks go by: their names for acts, their schedule, and signatures that others can check."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import orjson
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from carnet.description import schemas_outdated, write_schemas
from domain.kernel.access import POLICIES
from domain.kernel.ids import new_id
from domain.webhooks import schemas
from domain.webhooks.events import EVENTS, LONGEST_BODY, SENTENCES, UNTOLD, Told, body_of
from domain.webhooks.rules import Attempt, detail
from domain.webhooks.schedule import PAUSES, next_attempt
from domain.webhooks.signing import secret_of, signed_headers

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
GUIDE = Path(__file__).parents[2] / "docs" / "webhooks.md"
DOCUMENTS = GUIDE.with_name("events")
TOLD = Told(7, new_id("op"), "redeem_session", new_id("chn"), new_id("brn"), new_id("pkg"), 2, new_id("cus"), NOW)


def test_every_act_is_told_under_a_name_of_its_own_or_on_purpose_not_at_all() -> None:
    assert POLICIES.keys() <= EVENTS.keys() | UNTOLD, "give domain/webhooks/events.py one line for each act"
    assert not EVENTS.keys() & UNTOLD
    assert len(SENTENCES) == len(EVENTS)
    assert max(map(len, SENTENCES)) <= 40


def test_the_documents_say_what_events_look_like() -> None:
    found = {path.name: path.read_bytes() for path in DOCUMENTS.glob("*.json")}

    assert found == schemas.files(), "run `carnet events docs/events`"


def test_what_the_command_writes_is_up_to_date_until_it_is_touched(tmp_path: Path) -> None:
    assert len(schemas_outdated(tmp_path)) == len(SENTENCES)
    write_schemas(tmp_path)
    assert schemas_outdated(tmp_path) == []

    (tmp_path / "package.sold.json").write_text("{}")
    (tmp_path / "package.eaten.json").write_text("{}")

    assert schemas_outdated(tmp_path) == [
        f"{tmp_path}/package.eaten.json is not what the code says.",
        f"{tmp_path}/package.sold.json is not what the code says.",
    ]


def test_an_event_is_what_its_schema_says_and_small() -> None:
    body = body_of("whd_01ke9c00000000000000000000", TOLD)
    event = orjson.loads(body)

    jsonschema.Draft202012Validator(schemas.schema("session.redeemed")).validate(event)
    assert event == {
        "id": "whd_01ke9c00000000000000000000",
        "type": "session.redeemed",
        "timestamp": "2026-03-02T10:00:00Z",
        "data": {
            "chainId": TOLD.chain_id,
            "position": 7,
            "operationId": TOLD.operation_id,
            "branchId": TOLD.branch_id,
            "packageId": TOLD.package_id,
            "packageVersion": 2,
            "customerId": TOLD.customer_id,
        },
    }
    assert len(body.encode()) <= 600 <= LONGEST_BODY


def test_the_event_of_the_guide_is_what_its_schema_says() -> None:
    event = orjson.loads(GUIDE.read_text().partition("```json\n")[2].partition("```")[0])

    jsonschema.Draft202012Validator(schemas.schema(event["type"])).validate(event)


def test_pauses_grow_as_standard_webhooks_recommends_until_the_schedule_is_used_up() -> None:
    least = [next_attempt(attempts, NOW, lambda _: 0) for attempts in range(11)]
    most = [next_attempt(attempts, NOW, lambda below: below - 1) for attempts in range(11)]

    assert [at - NOW if at else None for at in least] == [*PAUSES, None]
    assert [at - NOW if at else None for at in most] == [*(pause * 11 / 10 for pause in PAUSES), None]
    assert sum(PAUSES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


def test_a_receiver_may_ask_for_a_longer_pause_than_the_schedule_has_up_to_a_day() -> None:
    def again(attempts: int, asked: timedelta) -> timedelta | None:
        at = next_attempt(attempts, NOW, lambda _: 0, asked)
        return at - NOW if at else None

    assert again(1, timedelta(seconds=3)) == timedelta(seconds=5)
    assert again(1, timedelta(seconds=6)) == timedelta(seconds=6)
    assert again(2, timedelta(hours=36)) == timedelta(hours=24)
    assert again(10, timedelta(seconds=3)) is None


def test_a_signature_is_checked_by_others_with_either_secret_and_with_no_third() -> None:
    first, second, third = (secret_of(bytes([number]) * 32) for number in range(3))
    now = datetime.now(UTC)
    headers = dict(signed_headers([second, first], "whd_1", now, b'{"a": 1}'))

    for secret in (first, second):
        assert Webhook(secret).verify(b'{"a": 1}', headers) == {"a": 1}
    for secret, body, changed in (
        (third, b'{"a": 1}', {}),
        (first, b'{"a": 2}', {}),
        (first, b'{"a": 1}', {"webhook-id": "whd_2"}),
        (first, b'{"a": 1}', {"webhook-timestamp": str(int(now.timestamp()) - 1)}),
        (first, b'{"a": 1}', dict(signed_headers([first], "whd_1", now - timedelta(minutes=6), b'{"a": 1}'))),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, headers | changed)


def test_only_two_hundreds_take_an_event() -> None:
    def attempt(status: int | None) -> tuple[bool, bool]:
        tried = Attempt("whd_1", status, "", NOW, 5)
        return tried.delivered, tried.gone

    assert {status: attempt(status) for status in (None, 101, 200, 204, 299, 301, 400, 410, 500)} == {
        None: (False, False),
        101: (False, False),
        200: (True, False),
        204: (True, False),
        299: (True, False),
        301: (False, False),
        400: (False, False),
        410: (False, True),
        500: (False, False),
    }


def test_what_a_receiver_says_is_kept_in_one_short_line() -> None:
    assert detail(204, "", "fine") == ""
    assert (
        detail(302, "https://x.example/", "")
        == "It leads to https://x.example/, and is not followed: give that address."
    )
    assert detail(500, "", " no\n\x00 luck " + "!" * 600) == "no luck " + "!" * 492
