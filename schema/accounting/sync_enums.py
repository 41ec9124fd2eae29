"""Enums of handing the journal to accounting systems, as the graph shows them."""

from enum import StrEnum

from domain.accounting.connectors.protocol import Outcome, Problem, System
from domain.accounting.sync.comparing import DifferenceKind
from domain.accounting.sync.rules import Call, ConnectionState, DocumentState, LockedDays, Mode
from schema.enums import enum


class PlainTextFormat(StrEnum):
    """What the files are written for."""

    BEANCOUNT = "beancount"
    HLEDGER = "hledger"


enum(
    PlainTextFormat,
    description="What the files are written for.",
    BEANCOUNT="beancount.",
    HLEDGER="hledger.",
)
enum(
    System,
    name="AccountingSystem",
    description="The accounting systems that the journal can be handed to.",
    XERO="Xero: manual journals.",
    QUICKBOOKS="QuickBooks Online: journal entries.",
    ERPNEXT="ERPNext: journal entries, submitted.",
    ODOO="Odoo from version 19 on: journal entries, posted.",
    PLAIN_TEXT="Files for beancount or hledger where Carnet runs.",
    WEBHOOK="A system of your own that takes documents as JSON, signed as Standard Webhooks says.",
)
enum(
    Mode,
    name="SyncMode",
    description="What becomes one document in the other system.",
    PER_ENTRY="Each journal entry.",
    DAILY_SUMMARY="What a branch posted on a day, summed once the day is over on its clock; what comes later for the "
    "day is a further document. For systems that take few calls.",
)
enum(
    LockedDays,
    description="What becomes of a document of a day whose books are locked in the other system.",
    HOLD="It waits, and is tried every day.",
    SHIFT="It is booked on the first open day, with its own day in the memo.",
)
enum(
    ConnectionState,
    name="AccountingConnectionState",
    description="Whether documents are sent.",
    ACTIVE="They are.",
    PAUSED="A person has paused it; nothing is lost, and everything waits.",
    STOPPED="The other system lets Carnet in no more. It goes on when a person resumes it.",
)
enum(
    DocumentState,
    name="SyncDocumentState",
    description="Where a document stands.",
    PENDING="It is surely not booked, and is sent as soon as it can be; `problem` says what it waits for.",
    SENDING="It is being sent at this moment, or was when its worker ended: then it is looked for.",
    SENT="The other system has taken it.",
    REJECTED="The other system said no; `message` and `hint` say why, and what to do before `retryDelivery`.",
    UNCERTAIN="Nobody knows whether it was taken. It is looked for there before anything is sent again.",
    VERIFIED="It was read back, and is booked as it should be.",
)
enum(
    Call,
    name="SyncCall",
    description="Why the other system was called.",
    SEND="To book the document.",
    PROBE="To look whether it is booked.",
)
enum(
    Outcome,
    name="SyncOutcome",
    description="How a call ended.",
    SUCCESS="It is booked.",
    REJECTED="The other system said no.",
    UNCERTAIN="Nobody knows.",
    LATER="It is surely not booked, and may be tried again.",
)
enum(
    Problem,
    name="SyncProblem",
    description="Why a document is not booked.",
    NO_MAPPING="What an account of it is called there is not mapped; it goes on by itself once it is.",
    UNKNOWN_ACCOUNT="The other system has no account that the mapping names.",
    INVALID="The other system cannot take it as it is.",
    LOCKED_DAY="The books of its day are locked there.",
    UNAUTHORISED="The other system lets Carnet in no more.",
    TOO_MANY_CALLS="The other system wants fewer calls for a while.",
    UNREACHABLE="The other system was not reached.",
    NO_ANSWER="The other system did not say what became of it.",
)
enum(
    DifferenceKind,
    name="SyncDifferenceKind",
    description="How the books there differ from what was sent.",
    MISSING="What was sent is not there any more.",
    EXTRA="There is something that Carnet did not send, or sent once and is there twice.",
    CHANGED="It is there, with other amounts or on another day.",
)
