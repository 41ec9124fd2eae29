"""The customers of Harbour Wellness and what became of their packages, of every status there is."""

from collections.abc import Iterator

from carnet.demo.happenings import (
    Desk,
    Happening,
    booking,
    cancelled,
    card,
    cash,
    completed,
    extension,
    freeze,
    goodwill,
    household,
    missed,
    online,
    payment,
    registration,
    reversal,
    sale,
    transfer,
    visit,
    visits,
)
from domain.packages.reverse_redemption import Fault

LIS = Desk("LIS", "dora", "paulo")
MAD = Desk("MAD", "lucia", "javier")
PDL = Desk("PDL", "sara", "vasco")


def happenings() -> Iterator[Happening]:
    """All that happened, customer by customer."""
    yield from _silva()
    yield from _ruiz()
    yield from _lisbon()
    yield from _madrid()
    yield from _ponta_delgada()
    yield from _calendar()


def _calendar() -> Iterator[Happening]:
    """Visits that are booked, were kept, missed and called off; a freeze and an extension."""
    yield booking("ana's late massage", "ana's massages", "MAS60", "ana", LIS, 6, 2, 17)
    yield cancelled("ana's late massage", LIS, 4, "She is away that week.")
    yield booking("ana's next massage", "ana's massages", "MAS60", "ana", LIS, 2, 4, 17)
    yield booking("joana's weeks", "joana's physio", "PHY45", "joana", LIS, 3, 5, 9, times=3)
    yield booking("joana's monday", "joana's physio", "PHY45", "joana", LIS, 8, -2, 10)
    yield missed("joana's monday", LIS, 2, 10)
    yield booking("eva's facial", "eva's bundle", "FAC50", "eva", MAD, 9, -7, 12)
    yield completed("eva's facial", MAD, 7, 12)
    yield booking("hugo's class", "hugo's reformer", "REF55", "hugo", PDL, 5, -1, 18)
    yield sale("teresa's reformer", "REF20", "teresa", PDL, 45, card(46000))
    yield from visits("teresa's reformer", "REF55", PDL, 41, 34, 27)
    yield freeze("teresa's reformer", "sara", 10, 20, "A broken wrist; back when the plaster is off.")
    yield extension("andres' osteopathy", "maria", 8, 120, "His practitioner was ill for two weeks.")


def _silva() -> Iterator[Happening]:
    """Ana shares with Rui and Leonor; her physio was used in Madrid too, and one visit was taken back."""
    yield registration("ana", "Ana Silva", LIS, 320, phone="+351 922 925 005", email="ana.silva@example.com",
                       tags=("mornings", "vip"), whatsapp_consent=True)  # fmt: skip
    yield registration("rui silva", "Rui Silva", LIS, 320, phone="+351 922 925 006", whatsapp_consent=False)
    yield registration("leonor", "Leonor Silva", LIS, 300)
    yield household("Silva", LIS, 300, "ana", "rui silva", "leonor")
    yield sale("ana's yoga", "YOG10", "ana", LIS, 150, cash(9900))
    yield from visits("ana's yoga", "YOG60", LIS, 148, 141, 134, 127, 120, 113)
    yield sale("ana's massages", "MASB3F1", "ana", LIS, 60, online(18000))
    yield from visits("ana's massages", "MAS60", LIS, 52)
    yield visit("ana's massages", "MAS60", LIS, 20, "rui silva")
    yield sale("ana's physio", "PHY10", "ana", LIS, 40, card(45000))
    yield from visits("ana's physio", "PHY45", LIS, 38, 31)
    yield visit("ana's physio", "PHY45", MAD, 24)
    mistake = visit("ana's physio", "PHY45", LIS, 10)
    yield mistake
    yield reversal(mistake, LIS, Fault.BUSINESS, "Typed for the wrong Ana.")
    yield goodwill("ana's physio", "luis", 9, "Waited forty minutes for a session that had been moved.")
    yield from visits("ana's physio", "PHY45", LIS, 3)
    yield sale("rui's training", "PTR10", "rui silva", LIS, 90, cash(20000), card(16500))
    yield from visits("rui's training", "PTR60", LIS, 85, 78, 64, 50, 36)


def _ruiz() -> Iterator[Happening]:
    """Eva and Diego live in Madrid; a bundle of two services is used by both."""
    yield registration("eva", "Eva Ruiz", MAD, 280, phone="+34 612 345 611", email="eva.ruiz@example.com")
    yield registration("diego", "Diego Ruiz", MAD, 280, phone="+34 612 345 612")
    yield household("Ruiz", MAD, 279, "eva", "diego")
    yield sale("eva's bundle", "MIX42", "eva", MAD, 70, card(31990))
    yield from visits("eva's bundle", "MAS60", MAD, 66, 45)
    yield from visits("eva's bundle", "FAC50", MAD, 30)
    yield visit("eva's bundle", "MAS60", PDL, 12, "diego")
    yield sale("diego's physio", "PHY10", "diego", MAD, 187, card(45000))
    yield from visits("diego's physio", "PHY45", MAD, 180, 165, 150, 120, 90, 60, 21)


def _lisbon() -> Iterator[Happening]:
    """A package not yet paid, one paid by instalments, one in grace, one that lapsed, one used up, a trial."""
    yield registration("clara", "Clara Nunes", LIS, 20, phone="+351 922 925 021", email="clara.nunes@example.com")
    yield sale("clara's course", "FIT12", "clara", LIS, 5)
    yield sale("clara's trial", "REF3T", "clara", LIS, 19, cash(5900))
    yield from visits("clara's trial", "REF55", LIS, 15, 8)
    yield registration("sofia", "Sofia Lima", LIS, 130, phone="+351 922 925 022", tags=("corporate",))
    yield sale("sofia's course", "OST10", "sofia", LIS, 50, transfer(13000))
    yield from visits("sofia's course", "OST50", LIS, 44, 37)
    yield payment("sofia's course", LIS, 30, transfer(13000), "EUR")
    yield from visits("sofia's course", "OST50", LIS, 23)
    yield registration("pedro", "Pedro Matos", LIS, 250, phone="+351 922 925 023")
    yield sale("pedro's reformer", "REF10", "pedro", LIS, 184, card(25000))
    yield from visits("pedro's reformer", "REF55", LIS, 170, 155, 140, 100, 61, 33, 2)
    yield registration("marta", "Marta Sousa", LIS, 260, email="marta.sousa@example.com", whatsapp_consent=True)
    yield sale("marta's facials", "FAC5", "marta", LIS, 200, card(24900))
    yield from visits("marta's facials", "FAC50", LIS, 190, 160, 130)
    yield registration("joana", "Joana Pires", LIS, 190, phone="+351 922 925 025")
    yield sale("joana's massages", "MASB3F1", "joana", LIS, 100, card(18000))
    yield from visits("joana's massages", "MAS60", LIS, 95, 80, 65, 40)
    yield sale("joana's physio", "PHY10", "joana", LIS, 14, card(20000))
    yield from visits("joana's physio", "PHY45", LIS, 11, 4)


def _madrid() -> Iterator[Happening]:
    """Packages sold in Madrid, one of them used in Lisbon and nearly used up."""
    yield registration("pablo", "Pablo Serrano", MAD, 170, phone="+34 612 345 621", email="pablo@example.com")
    yield sale("pablo's physio", "PHY10", "pablo", MAD, 120, card(45000))
    yield from visits("pablo's physio", "PHY45", MAD, 115, 108, 101, 94, 87, 73)
    yield from visits("pablo's physio", "PHY45", LIS, 59, 58)
    yield from visits("pablo's physio", "PHY45", MAD, 17)
    yield registration("nuria", "Nuria Campos", MAD, 110, phone="+34 612 345 622")
    yield sale("nuria's hygiene", "DEN2", "nuria", MAD, 100, cash(11900))
    yield from visits("nuria's hygiene", "DEN40", MAD, 98)
    yield registration("andres", "Andrés Gil", MAD, 60, phone="+34 612 345 623")
    yield sale("andres' yoga", "YOG10", "andres", MAD, 55, online(9900))
    yield from visits("andres' yoga", "YOG60", MAD, 54, 47, 40, 26, 19, 5)
    yield sale("andres' osteopathy", "OST5", "andres", MAD, 35, card(15000))


def _ponta_delgada() -> Iterator[Happening]:
    """Packages sold in the Azores, by a clock an hour behind Lisbon's."""
    yield registration("joao", "João Medeiros", PDL, 210, phone="+351 922 925 031", email="joao@example.com")
    yield sale("joao's osteopathy", "OST5", "joao", PDL, 124, card(27500))
    yield from visits("joao's osteopathy", "OST50", PDL, 118, 90, 62)
    yield registration("teresa", "Teresa Pacheco", PDL, 75, phone="+351 922 925 032", whatsapp_consent=True)
    yield sale("teresa's bundle", "MIX42", "teresa", PDL, 65, cash(31990))
    yield from visits("teresa's bundle", "MAS60", PDL, 60, 32)
    yield from visits("teresa's bundle", "FAC50", PDL, 18)
    yield registration("hugo", "Hugo Costa", PDL, 30, phone="+351 922 925 033")
    yield sale("hugo's reformer", "REF10", "hugo", PDL, 28, card(25000))
    yield from visits("hugo's reformer", "REF55", PDL, 25, 14, 7)
    yield goodwill("hugo's reformer", "tomas", 6, "The class ended early: the power was out.")
