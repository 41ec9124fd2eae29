"""A row is good, or refused with exactly one code."""

from dataclasses import replace
from datetime import date

import pytest

from domain.imports.rules.catalogue import Item, ServiceRow, parse_branch, parse_definition, parse_service
from domain.imports.rules.customers import merge_person, parse_customer
from domain.imports.rules.faults import Fault, RowRefused
from domain.imports.rules.packs import VisitStatus, parse_pack, parse_visit
from tests.fixtures.spreadsheets import CATALOGUE, cells

PACK = """old_ref=LIS-1 | customer_ref=C-1 | definition_code=PHY10 | sold_on=03/11/2025 | sold_at_branch=LIS
    | price=€450.00 | paid_so_far=100,00 | sessions_total=10 | sessions_used=3 | expires_on=2 May 2026 | notes=promo"""
VISIT = """visit_ref=V-1 | pack_ref=LIS-1 | starts_at_local=2025-12-01 10:00 | branch=LIS | service=PHY45
    | practitioner=Rita | status=attended"""
CUSTOMER = """customer_ref=C-1 | first_name=Ana | last_name=Reis | phone=922 925 005 | email=a@example.com | country=PT
    | birthday= | tags=vip; mornings;vip; | whatsapp_consent= | home_branch=LIS | household_ref=
    | created_on=2025-02-27"""
DEFINITION = """code=MIX42 | name=Mixed | kind=bundle | services=MAS60:4;FAC50:2 | sessions_total=6 | paid_sessions=6
    | bonus_sessions=0 | price=319.90 | currency=EUR | single_price= | validity_days=180 | grace_days=14
    | branch_scope=all | household_sharing=yes | refund_basis=pro_rata | per_customer_limit="""
SERVICE = """code=DEN40 | name=Dental hygiene | category=dental | duration_min=40 | group_class=no
    | list_price_LIS=65.00 | list_price_PDL="""
BRANCH = "code=MAD | name=Madrid | timezone=Europe/Madrid | currency=EUR | city=Madrid | country=ES"


def test_a_good_pack_keeps_what_its_row_says() -> None:
    pack = parse_pack(cells(PACK), CATALOGUE, "C-1".__eq__)
    assert (pack.ref, pack.customer_ref, pack.definition, pack.branch) == ("LIS-1", "C-1", "PHY10", "LIS")
    assert (pack.sold_on, pack.expires_on) == (date(2025, 11, 3), date(2026, 5, 2))
    assert (pack.price_minor, pack.paid_minor) == (45000, 10000)
    assert (pack.sessions_total, pack.sessions_used, pack.notes) == (10, 3, "promo")


def test_a_pack_may_expire_on_the_day_of_its_sale() -> None:
    pack = parse_pack(cells(PACK, expires_on="2025-11-03"), CATALOGUE, "C-1".__eq__)
    assert pack.expires_on == pack.sold_on


@pytest.mark.parametrize(
    ("column", "text", "fault"),
    [
        ("customer_ref", "C-2", Fault.UNKNOWN_CUSTOMER),
        ("customer_ref", "", Fault.UNKNOWN_CUSTOMER),
        ("definition_code", "PHY12", Fault.UNKNOWN_DEFINITION),
        ("definition_code", "", Fault.UNKNOWN_DEFINITION),
        ("sold_on", "2025-02-30", Fault.BAD_DATE),
        ("expires_on", "", Fault.BAD_DATE),
        ("expires_on", "2025-11-02", Fault.EXPIRES_BEFORE_SALE),
        ("sessions_used", "11", Fault.USED_EXCEEDS_TOTAL),
        ("paid_so_far", "450.01", Fault.OVERPAID),
        ("price", "-450", Fault.NEGATIVE_PRICE),
        ("paid_so_far", "-1", Fault.NEGATIVE_PRICE),
        ("price", "free", Fault.BAD_MONEY),
        ("sessions_total", "0", Fault.BAD_NUMBER),
        ("sessions_total", "10001", Fault.BAD_NUMBER),
        ("sessions_used", "", Fault.BAD_NUMBER),
        ("sold_at_branch", "OPO", Fault.UNKNOWN_BRANCH),
        ("old_ref", "", Fault.BLANK),
        ("old_ref", "x" * 65, Fault.TOO_LONG),
    ],
)
def test_a_bad_pack_has_one_reason(column: str, text: str, fault: Fault) -> None:
    with pytest.raises(RowRefused) as refusal:
        parse_pack(cells(PACK, **{column: text}), CATALOGUE, "C-1".__eq__)
    assert refusal.value.fault is fault


@pytest.mark.parametrize(
    ("column", "text", "fault"),
    [
        ("branch", "OPO", Fault.UNKNOWN_BRANCH),
        ("service", "YOG60", Fault.UNKNOWN_SERVICE),
        ("starts_at_local", "01/12/2025 10:00", Fault.BAD_DATE),
        ("status", "Attended", Fault.BAD_CHOICE),
        ("pack_ref", "", Fault.BLANK),
    ],
)
def test_a_bad_visit_has_one_reason(column: str, text: str, fault: Fault) -> None:
    with pytest.raises(RowRefused) as refusal:
        parse_visit(cells(VISIT, **{column: text}), CATALOGUE)
    assert refusal.value.fault is fault


@pytest.mark.parametrize("status", VisitStatus)
def test_every_visit_but_a_cancelled_one_consumes(status: VisitStatus) -> None:
    visit = parse_visit(cells(VISIT, status=status), CATALOGUE)
    assert visit.consumes == (status != "cancelled")


def test_a_blank_consent_is_unknown_and_never_yes() -> None:
    assert parse_customer(cells(CUSTOMER), CATALOGUE).whatsapp_consent is None
    assert parse_customer(cells(CUSTOMER, whatsapp_consent="no"), CATALOGUE).whatsapp_consent is False
    assert parse_customer(cells(CUSTOMER, whatsapp_consent="yes"), CATALOGUE).whatsapp_consent is True


def test_a_customer_keeps_each_tag_once() -> None:
    assert parse_customer(cells(CUSTOMER), CATALOGUE).tags == ("vip", "mornings")


@pytest.mark.parametrize(
    ("text", "country", "phone"),
    [
        ("+34 881 488 112", "ES", "+34881488112"),
        ("00351 922 925 005", "PT", "+351922925005"),
        ("922-925.005", "PT", "+351922925005"),
        ("(+34) 832 392 970", "ES", "+34832392970"),
        ("01514 960737", "GB", "+441514960737"),
        ("0372 612 47 97", "TR", "+903726124797"),
        ("+351 922 925 005", "", "+351922925005"),
        ("", "PT", ""),
        ("-", "PT", ""),
    ],
)
def test_a_phone_has_one_form(text: str, country: str, phone: str) -> None:
    assert parse_customer(cells(CUSTOMER, phone=text, country=country), CATALOGUE).phone == phone


@pytest.mark.parametrize("name", ["Tristán|Aznar  Jordá", "TRISTAN|AZNAR JORDA", "Tristan Aznar|Jorda"])
def test_a_name_compares_without_accents_case_and_spare_blanks(name: str) -> None:
    first_name, last_name = name.split("|")
    row = parse_customer(cells(CUSTOMER, first_name=first_name, last_name=last_name), CATALOGUE)
    assert row.folded_name == "tristan aznar jorda"


@pytest.mark.parametrize(
    ("column", "text", "fault"),
    [
        ("customer_ref", "", Fault.BLANK),
        ("country", "", Fault.BAD_PHONE),
        ("country", "XX", Fault.BAD_COUNTRY),
        ("email", "ana at example.com", Fault.BAD_EMAIL),
        ("first_name", "", Fault.BLANK),
        ("phone", "ask her mother", Fault.BAD_PHONE),
        ("birthday", "1990", Fault.BAD_DATE),
        ("created_on", "", Fault.BAD_DATE),
        ("whatsapp_consent", "maybe", Fault.BAD_CHOICE),
        ("home_branch", "", Fault.UNKNOWN_BRANCH),
        ("email", "x" * 255, Fault.TOO_LONG),
    ],
)
def test_a_bad_customer_has_one_reason(column: str, text: str, fault: Fault) -> None:
    with pytest.raises(RowRefused) as refusal:
        parse_customer(cells(CUSTOMER, **{column: text}), CATALOGUE)
    assert refusal.value.fault is fault


def test_a_person_is_the_first_row_with_its_blanks_filled_from_the_others() -> None:
    first = parse_customer(cells(CUSTOMER, email="", whatsapp_consent="yes"), CATALOGUE)
    second = parse_customer(
        cells(CUSTOMER, customer_ref="C-2", tags="evenings", whatsapp_consent="no", created_on="2024-01-01"), CATALOGUE
    )
    person = merge_person([first, second])
    assert person.refs == ("C-1", "C-2")
    assert (person.row.ref, person.row.email) == ("C-1", "a@example.com")
    assert person.row.tags == ("vip", "mornings", "evenings")
    assert person.row.whatsapp_consent is False
    assert person.row.created_on == date(2024, 1, 1)


def test_a_definition_lists_its_paid_and_bonus_sessions_by_service() -> None:
    assert parse_definition(cells(DEFINITION), CATALOGUE).items == (Item("MAS60", 4, 0), Item("FAC50", 2, 0))
    bonus = cells(DEFINITION, services="MAS60:4", sessions_total="4", paid_sessions="3", bonus_sessions="1")
    assert parse_definition(bonus, CATALOGUE).items == (Item("MAS60", 3, 1),)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"services": "MAS60:4;YOG60:2"}, Fault.UNKNOWN_SERVICE),
        ({"services": "MAS60:4;FAC50:3"}, Fault.BAD_NUMBER),
        ({"services": "MAS60"}, Fault.BAD_NUMBER),
        ({"paid_sessions": "5", "bonus_sessions": "1"}, Fault.BONUS_IN_BUNDLE),
        ({"paid_sessions": "5"}, Fault.BAD_NUMBER),
        ({"currency": "GBP"}, Fault.BAD_CURRENCY),
        ({"price": "-1"}, Fault.NEGATIVE_PRICE),
        ({"branch_scope": "some"}, Fault.BAD_CHOICE),
        ({"validity_days": "0"}, Fault.BAD_NUMBER),
        ({"grace_days": "3661"}, Fault.BAD_NUMBER),
        ({"code": "MIX 42"}, Fault.BAD_CODE),
    ],
)
def test_a_bad_definition_has_one_reason(changes: dict[str, str], fault: Fault) -> None:
    with pytest.raises(RowRefused) as refusal:
        parse_definition(cells(DEFINITION, **changes), CATALOGUE)
    assert refusal.value.fault is fault


def test_a_service_is_not_offered_where_its_price_is_blank() -> None:
    assert parse_service(cells(SERVICE), CATALOGUE).list_prices == {"LIS": 6500}


@pytest.mark.parametrize(
    ("column", "text", "fault"),
    [
        ("timezone", "Europe/Atlantis", Fault.BAD_TIME_ZONE),
        ("timezone", "Europe", Fault.BAD_TIME_ZONE),
        ("timezone", "../../etc/passwd", Fault.BAD_TIME_ZONE),
        ("currency", "GBP", Fault.BAD_CURRENCY),
        ("currency", "EURO", Fault.TOO_LONG),
        ("code", "", Fault.BLANK),
        ("code", "lis", Fault.BAD_CODE),
    ],
)
def test_a_bad_branch_has_one_reason(column: str, text: str, fault: Fault) -> None:
    with pytest.raises(RowRefused) as refusal:
        parse_branch(cells(BRANCH, **{column: text}), CATALOGUE)
    assert refusal.value.fault is fault


def test_a_definition_of_a_service_without_any_price_is_refused() -> None:
    catalogue = replace(CATALOGUE, services={**CATALOGUE.services, "FAC50": ServiceRow("FAC50", "", "", 50, False, {})})
    with pytest.raises(RowRefused) as refusal:
        parse_definition(cells(DEFINITION), catalogue)
    assert refusal.value.fault is Fault.SERVICE_NOT_PRICED


def test_an_email_is_kept_as_it_is_looked_up() -> None:
    assert parse_customer(cells(CUSTOMER, email="Ana@Example.COM"), CATALOGUE).email == "ana@example.com"
