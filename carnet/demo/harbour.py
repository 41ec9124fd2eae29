"""Harbour Wellness: three branches in three time zones, its people, and what it sells."""

from itertools import chain

from carnet.demo import harbour_branches, harbour_changes, harbour_customers, harbour_money, harbour_people
from carnet.demo.happenings import Happening
from carnet.demo.setting import (
    Bundle,
    Offer,
    Person,
    Place,
    days,
    define_services,
    founded,
    hire,
    open_branches,
    publish_packages,
)
from carnet.demo.stage import Past, Stage
from domain.catalog.terms import (
    Activation,
    BranchScope,
    Expiry,
    Sharing,
    TransferTo,
    Use,
    Validity,
    ValidityStart,
    Where,
    Who,
)
from domain.kernel.access import Role

BRANCHES = ("LIS", "MAD", "PDL")
PLACES = (
    Place("LIS", "Lisbon Chiado", "Europe/Lisbon", "Harbour Wellness Lda"),
    Place("MAD", "Madrid Salamanca", "Europe/Madrid", "Harbour Wellness SL"),
    Place("PDL", "Ponta Delgada", "Atlantic/Azores", "Harbour Wellness Lda"),
)
PEOPLE = (
    Person("beatriz", "Beatriz Almeida", Role.OWNER),
    Person("helena", "Helena Prata", Role.MANAGER),
    Person("nuno", "Nuno Reis", Role.FRONT_DESK),
    Person("ines", "Inês Duarte", Role.PRACTITIONER),
    Person("alice", "Alice Fonseca", Role.ACCOUNTANT),
    Person("luis", "Luís Carvalho", Role.MANAGER, "LIS"),
    Person("dora", "Dora Pinto", Role.FRONT_DESK, "LIS"),
    Person("paulo", "Paulo Vieira", Role.PRACTITIONER, "LIS"),
    Person("maria", "María Ortega", Role.MANAGER, "MAD"),
    Person("lucia", "Lucía Romero", Role.FRONT_DESK, "MAD"),
    Person("javier", "Javier Molina", Role.PRACTITIONER, "MAD"),
    Person("carmen", "Carmen Vidal", Role.ACCOUNTANT, "MAD"),
    Person("rui", "Rui Botelho", Role.OWNER, "PDL"),
    Person("tomas", "Tomás Medeiros", Role.MANAGER, "PDL"),
    Person("sara", "Sara Furtado", Role.FRONT_DESK, "PDL"),
    Person("vasco", "Vasco Arruda", Role.PRACTITIONER, "PDL"),
)
SERVICES = (
    Offer("MAS60", "Massage 60", "massage", 60, (6000, 6500, 5500), 2400),
    Offer("PHY45", "Physiotherapy 45", "therapy", 45, (5000, 5000, 5000), 2200),
    Offer("REF55", "Pilates reformer", "movement", 55, (2800, 3000, 2500), 900),
    Offer("FAC50", "Facial", "beauty", 50, (5500, 5800, 4950), 2100),
    Offer("YOG60", "Yoga group", "movement", 60, (1200, 1400, 1000), 400, group_class=True),
    Offer("PTR60", "Personal training", "movement", 60, (4000, 4500, 3500), 2000),
    Offer("DEN40", "Dental hygiene", "dental", 40, (6500, 7000, None), 3000),
    Offer("OST50", "Osteopathy", "therapy", 50, (6000, 6250, 5200), 2600),
)
_SELLING = Where(BranchScope.SELLING_BRANCH)
_FAMILY = Who(sharing=Sharing.HOUSEHOLD)
_FAMILY_ONLY = Who(Sharing.HOUSEHOLD, TransferTo.HOUSEHOLD, partial_transfer=True)
_FRIENDS = Who(Sharing.NAMED, TransferTo.ANYONE, partial_transfer=True, transfer_fee_minor=500)
_APPROVED = Who(
    transfer=TransferTo.ANYONE, partial_transfer=True, transfer_fee_minor=1000, transfer_needs_approval=True
)
_ONE_EACH = Use(limit_per_customer=1)
_FROM_FIRST_USE = Validity(months=3, starts=ValidityStart.FIRST_USE, start_within_days=60)
_RENEWABLE = Validity(days=270, expiry=Expiry.SOFT, grace_days=14, renewal_in_grace=True)
_FREEZABLE = Use(freeze_days=60, freeze_times=2)
PACKAGES = (
    Bundle("PHY10", "Physio 10-pack", (("PHY45", 10, 0),), 45000, days(180, 14), recommended=True),
    Bundle("MASB3F1", "Massage Buy 3 Free 1", (("MAS60", 3, 1),), 18000, days(120, 7), who=_FAMILY),
    Bundle(
        "REF3T", "Reformer trial 3-pack", (("REF55", 3, 0),), 5900, days(90), _SELLING, use=Use(limit_per_customer=1)
    ),
    Bundle("REF10", "Reformer 10-pack", (("REF55", 10, 0),), 25000, days(180, 14), _SELLING),
    Bundle("FAC5", "Facial 5-pack", (("FAC50", 5, 0),), 24900, days(120, 7)),
    Bundle(
        "MIX42",
        "Mixed bundle 4 massage + 2 facial",
        (("MAS60", 4, 0), ("FAC50", 2, 0)),
        31990,
        days(180, 14),
        who=_FAMILY,
    ),
    Bundle("YOG10", "Yoga group 10-pack", (("YOG60", 10, 0),), 9900, days(90, 7), who=_FAMILY),
    Bundle("PTR10", "Personal training 10-pack", (("PTR60", 10, 0),), 36500, days(180), _SELLING),
    Bundle("DEN2", "Dental hygiene twice", (("DEN40", 2, 0),), 11900, days(180, 14), _SELLING, _FAMILY),
    Bundle("OST5", "Osteopathy 5-pack", (("OST50", 5, 0),), 27500, days(120, 7), _SELLING),
    Bundle(
        "REF20", "Reformer 20-pack, may be frozen", (("REF55", 20, 0),), 46000, _RENEWABLE, _SELLING, use=_FREEZABLE
    ),
    Bundle(
        "FIT12",
        "Training course of 12, paid before it starts",
        (("PTR60", 12, 0),),
        42000,
        _FROM_FIRST_USE,
        use=Use(activation=Activation.FULL_PAYMENT),
    ),
    Bundle(
        "OST10",
        "Osteopathy course of 10, by instalments",
        (("OST50", 10, 0),),
        52000,
        days(365),
        use=Use(activation=Activation.FIRST_PAYMENT, up_to_paid=True),
    ),
    Bundle("FAM12", "Family physio of 12", (("PHY45", 12, 0),), 50400, days(365), who=_FAMILY_ONLY),
    Bundle("MAS10", "Massage 10-pack, for friends too", (("MAS60", 10, 0),), 54000, days(240, 14), who=_FRIENDS),
    Bundle("PTR20", "Personal training of 20", (("PTR60", 20, 0),), 70000, days(365), _SELLING, _APPROVED),
    *harbour_changes.PACKAGES,
)


async def set_up() -> Stage:
    """Everything before the first customer."""
    stage = await founded("Harbour Wellness", "EUR", "Henrique Tavares", "Europe/Lisbon")
    await open_branches(stage, PLACES)
    await hire(stage, PEOPLE)
    await define_services(stage, "beatriz", BRANCHES, SERVICES)
    await publish_packages(stage, "beatriz", "EUR", PACKAGES)
    return stage


def happenings(past: Past) -> list[Happening]:
    """All that happened since."""
    told = (
        harbour_customers.happenings(),
        harbour_money.happenings(past),
        harbour_branches.happenings(past),
        harbour_people.happenings(),
        harbour_changes.happenings(),
    )
    return list(chain.from_iterable(told))
