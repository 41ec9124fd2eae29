"""What comes in: who is believed, what it means, and when it is tried again."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from domain.bookings.booked import Attachment, ExternalRef
from domain.bookings.rules import AttachmentKind, State
from domain.bookings.sync_booking import SyncBooking
from domain.inbox.rules import next_attempt
from domain.inbox.scheduler import Scheduler
from domain.inbox.verification import HeaderMalformed, NotTaken, SignatureWrong, TimestampStale, verified
from domain.kernel.errors import InvalidInput
from domain.webhooks.signing import secret_of
from tests.fixtures.knocking import Sender

NOW = datetime(2026, 3, 2, 10, 0, 0, 900_000, UTC)
BODY = b'{"type":"booking.created"}'
NEW, FORMER, OTHER = (Sender("ihk", secret_of(key * 32)) for key in (b"n", b"f", b"o"))
GOOD = [NEW.secret, FORMER.secret]
SIGNED = f"v1,{b64encode(b'x' * 32).decode()}"


@pytest.mark.parametrize("sender", [NEW, FORMER])
@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_what_is_signed_with_a_good_secret_within_five_minutes_is_believed(sender: Sender, seconds: int) -> None:
    headers = sender.headers("evt.1", BODY, NOW + timedelta(seconds=seconds))

    assert verified(GOOD, headers, BODY, NOW) == "evt.1"
    others = f"v1a,else v2,new {SIGNED} {headers['webhook-signature']}"
    assert verified(GOOD, headers | {"webhook-signature": others}, BODY, NOW) == "evt.1"


@pytest.mark.parametrize(
    ("changed", "body", "why"),
    [
        ({}, BODY + b" ", SignatureWrong),
        ({"webhook-id": "evt-2"}, BODY, SignatureWrong),
        ({"webhook-timestamp": str(int(NOW.timestamp()) + 1)}, BODY, SignatureWrong),
        ({"webhook-signature": SIGNED}, BODY, SignatureWrong),
        (OTHER.headers("evt-1", BODY, NOW), BODY, SignatureWrong),
        (NEW.headers("evt-1", BODY, NOW - timedelta(seconds=301)), BODY, TimestampStale),
        (NEW.headers("evt-1", BODY, NOW + timedelta(seconds=301)), BODY, TimestampStale),
        ({"webhook-timestamp": "999999999999"}, BODY, TimestampStale),
        *(({"webhook-id": text}, BODY, HeaderMalformed) for text in ("", "a b", "x" * 256, "ä", "a\tb")),
        *(
            ({"webhook-timestamp": text}, BODY, HeaderMalformed)
            for text in ("", "now", "-1", "1.5", "1" * 13, "١٢٣", " 1772445600")
        ),
        *(
            ({"webhook-signature": text}, BODY, HeaderMalformed)
            for text in (
                "",
                "v1",
                "v1,",
                ",x",
                "v1,!!!",
                "v1,eHg=",
                SIGNED + "  " + SIGNED,
                "v2,x",
                " ".join([SIGNED] * 21),
            )
        ),
    ],
)
def test_all_else_is_not_taken_and_says_why(changed: dict[str, str], body: bytes, why: type[NotTaken]) -> None:
    headers = NEW.headers("evt-1", BODY, NOW) | changed

    with pytest.raises(why, match=r"[A-Za-z-]+ .*\.$"):
        verified(GOOD, headers, body, NOW)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_each_header_is_needed(name: str) -> None:
    headers = NEW.headers("evt-1", BODY, NOW)
    del headers[name]

    with pytest.raises(HeaderMalformed, match=name):
        verified(GOOD, headers, BODY, NOW)


def test_nobody_is_believed_where_no_secret_is_good() -> None:
    with pytest.raises(SignatureWrong):
        verified([], NEW.headers("evt-1", BODY, NOW), BODY, NOW)


def told(type: str = "booking.created", timestamp: object = "2026-03-02T10:00:00Z", **changed: Any) -> bytes:
    data = {
        "reference": "A-1",
        "serviceId": "srv",
        "branchId": "brn",
        "customerId": "cus",
        "startsAt": "2026-03-09T11:00:00+01:00",
    }
    return orjson.dumps({"type": type, "timestamp": timestamp, "data": data | changed, "more": 1})


def meant(body: bytes) -> SyncBooking:
    command = Scheduler().meant("cal", body, NOW)
    assert command is not None
    return command


def test_a_booking_is_meant_as_it_is_told() -> None:
    attached = [{"kind": "NOTE", "title": "Knee", "reference": "n-1"}, {"kind": "FORM", "title": "Consent"}]
    full: dict[str, Any] = {
        "minutes": 30,
        "sessions": 2,
        "practitionerId": "stf",
        "packageId": "pkg",
        "reason": "by phone",
    }

    assert meant(told(attachments=attached, **full)) == SyncBooking(
        external=ExternalRef("cal", "A-1"),
        told_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
        state=State.CONFIRMED,
        service_id="srv",
        branch_id="brn",
        customer_id="cus",
        starts_at=datetime(2026, 3, 9, 10, tzinfo=UTC),
        minutes=30,
        sessions=2,
        practitioner_id="stf",
        package_id="pkg",
        attachments=(Attachment(AttachmentKind.NOTE, "Knee", "n-1"), Attachment(AttachmentKind.FORM, "Consent", "")),
        reason="by phone",
    )


@pytest.mark.parametrize(
    ("type", "by", "state"),
    [
        ("created", "CUSTOMER", State.CONFIRMED),
        ("changed", "BUSINESS", State.CONFIRMED),
        ("cancelled", "CUSTOMER", State.CANCELLED),
        ("cancelled", "BUSINESS", State.CANCELLED_BY_BUSINESS),
        ("completed", "CUSTOMER", State.COMPLETED),
        ("no_show", "CUSTOMER", State.NO_SHOW),
    ],
)
def test_each_event_says_how_the_booking_stands(type: str, by: str, state: State) -> None:
    assert meant(told(f"booking.{type}", cancelledBy=by)).state is state


def test_events_of_other_types_mean_nothing_whatever_is_in_them() -> None:
    assert Scheduler().meant("cal", b'{"type": "calendar.renamed", "data": 1}', NOW) is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Invalid JSON: EOF while parsing"),
        (b"\xff", "Invalid JSON"),
        (b"[]", "Input should be an object."),
        (b"{}", "type: Field required."),
        (told(reference=None), "data.reference: Input should be a valid string."),
        (told(startsAt="2026-03-09T11:00:00"), "data.startsAt: Input should have timezone info."),
        (told(startsAt=1772445600), "data.startsAt: Input should be a valid datetime."),
        (told(sessions="2"), "data.sessions: Input should be a valid integer."),
        (told(sessions=2).replace(b'"sessions":2', b'"sessions":' + b"9" * 20), "data.sessions: Input should be less"),
        *(
            (told(sessions=2).replace(b":2}", b":" + number + b"}"), "data.sessions: Input should be")
            for number in (b"1e999", b"-1e999", b"NaN", b"Infinity", b"9" * 40)
        ),
        (told(timestamp="1969-12-31T23:59:59Z"), "timestamp lies before 1970."),
        (told(timestamp="2026-03-02T10:10:01Z"), "timestamp lies in the future."),
        (told(cancelledBy="NOBODY"), "data.cancelledBy: Input should be 'CUSTOMER' or 'BUSINESS'."),
        (told(startsAt="9999-12-31T23:59:59-10:00"), "A time of the event lies beyond all years."),
        (told(reason="a\0b"), "The event holds the NUL character. Send text without it."),
    ],
)
def test_what_cannot_be_understood_says_where_and_why(body: bytes, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Scheduler().meant("cal", body, NOW)

    assert caught.value.message.startswith(message)


def test_what_may_heal_is_tried_for_some_hours() -> None:
    seconds = [(next_attempt(attempts, NOW) or NOW) - NOW for attempts in range(1, 9)]

    assert [pause.total_seconds() for pause in seconds] == [5, 30, 300, 1800, 7200, 21600, 0, 0]
