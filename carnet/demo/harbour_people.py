"""Families and friends at Harbour Wellness: whose package it is, who else may use it, and to whom it went."""

from collections.abc import Iterator
from datetime import date, time

from carnet.demo.happenings import Happening, card, cash, registration, sale, visit, visits
from carnet.demo.happenings_people import family, handed_on, merged, shared, to_be_handed_on
from carnet.demo.harbour_customers import LIS
from carnet.demo.stage import Moment


def happenings() -> Iterator[Happening]:
    """All that happened, customer by customer."""
    yield from _moreira()
    yield from _helga_and_ivo()
    yield from _to_approve()
    yield from _one_person()


def _moreira() -> Iterator[Happening]:
    """Both parents are guardians, Bia may come three times; Miguel went abroad, and all he had left is Carla's."""
    yield registration("carla", "Carla Moreira", LIS, 100, phone="+351 922 925 061", email="carla@example.com")
    yield registration("miguel", "Miguel Moreira", LIS, 100, phone="+351 922 925 062")
    yield registration("bia", "Bia Moreira", LIS, 100, birthday=date(2015, 5, 17))
    yield family("Moreira", LIS, 99, ("carla", "miguel"), ("bia",))
    yield sale("carla's family physio", "FAM12", "carla", LIS, 98, card(50400))
    yield shared("carla's family physio", "bia", LIS, 98, most_sessions=3)
    yield from visits("carla's family physio", "PHY45", LIS, 93)
    yield visit("carla's family physio", "PHY45", LIS, 72, "bia")
    yield visit("carla's family physio", "PHY45", LIS, 38, "bia")
    yield sale("miguel's family physio", "FAM12", "miguel", LIS, 97, card(50400))
    yield from visits("miguel's family physio", "PHY45", LIS, 89, 75)
    abroad = Moment(30, time(14, 30))
    yield handed_on(
        "carla's from miguel", "miguel's family physio", "carla", LIS, abroad, None, "He is abroad for a year."
    )
    yield from visits("carla's from miguel", "PHY45", LIS, 16)


def _helga_and_ivo() -> Iterator[Happening]:
    """Helga gave her friend three massages, for the fee of the terms; today one went to the wrong Ivo."""
    yield registration("helga", "Helga Brandt", LIS, 59, phone="+351 922 925 063")
    yield registration("ivo", "Ivo Nogueira", LIS, 59, phone="+351 922 925 064")
    yield registration("ivo neves", "Ivo Neves", LIS, 59, phone="+351 922 925 065")
    yield sale("helga's massages", "MAS10", "helga", LIS, 58, card(54000))
    yield from visits("helga's massages", "MAS60", LIS, 52, 44)
    yield shared("helga's massages", "ivo", LIS, 51, most_sessions=2)
    birthday = Moment(34, time(14, 30))
    yield handed_on("ivo's massages", "helga's massages", "ivo", LIS, birthday, 3, "For his birthday.")
    yield from visits("ivo's massages", "MAS60", LIS, 25)
    mistake = Moment(0, time(0))
    yield to_be_handed_on("one for the wrong ivo", "helga's massages", "ivo neves", LIS, mistake, 1, "For her friend.")


def _to_approve() -> Iterator[Happening]:
    """By the terms of her course a manager has to approve what Jonas is to get of it."""
    yield registration("elsa", "Elsa Tavares", LIS, 41, phone="+351 922 925 066")
    yield registration("jonas", "Jonas Klein", LIS, 40)
    yield sale("elsa's course", "PTR20", "elsa", LIS, 39, cash(70000))
    yield from visits("elsa's course", "PTR60", LIS, 35, 28, 21)
    asked = Moment(1, time(12))
    yield to_be_handed_on("elsa's for jonas", "elsa's course", "jonas", LIS, asked, 5, "They train together.")


def _one_person() -> Iterator[Happening]:
    """Cristina was registered twice, and is one customer by now; Benedita still is two."""
    yield registration("cristina", "Cristina Faria", LIS, 55, email="c.faria@example.com")
    yield sale("cristina's yoga", "YOG10", "cristina", LIS, 54, card(9900))
    yield registration("cris", "Cris Faria", LIS, 12, phone="+351 922 925 067", email="c.faria@example.com")
    yield sale("cris' facials", "FAC5", "cris", LIS, 11, card(24900))
    yield merged("cristina", "cris", "luis", 2, "The same e-mail address, and she says so.")
    yield registration("benedita", "Benedita Rocha", LIS, 48, phone="+351 922 925 068")
    yield sale("benedita's yoga", "YOG10", "benedita", LIS, 47, cash(9900))
    yield from visits("benedita's yoga", "YOG60", LIS, 42, 14)
    yield registration("bene", "Bene Rocha", LIS, 7, phone="+351 922 925 068")
    yield sale("bene's massages", "MASB3F1", "bene", LIS, 6, card(18000))
