"""Tables of chains and their branches."""

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Chain(Model):
    """The tenant: everything belongs to exactly one chain."""

    id = fields.CharField(max_length=32, primary_key=True)
    name = fields.CharField(max_length=120, unique=True)
    currency = fields.CharField(max_length=3)
    created_at = fields.DatetimeField()
    backdate_days = fields.IntField(default=7)
    reversal_hours = fields.IntField(default=48)
    shortfall = fields.CharField(max_length=10, db_default="REFUSE")
    open_bookings = fields.CharField(max_length=10, db_default="FLAG")
    reinstatement_days = fields.IntField(db_default=90)
    desk_extension_days = fields.IntField(db_default=14)
    duplicate_sale_minutes = fields.IntField(db_default=10)
    largest_payment_minor = fields.BigIntField(null=True)
    lapse_tax = fields.CharField(max_length=10, db_default="NONE")
    breakage_method = fields.CharField(max_length=12, db_default="AT_LAPSE")
    books_open_from = fields.DateField(null=True)

    class Meta:
        table = "chain"


class Branch(Model):
    """A location that sells and performs; `home` of packages, with its own clock and legal entity.

    `weekend` has the days of the week on which no business is done, 1 for Monday to 7 for Sunday.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=120)
    time_zone = fields.CharField(max_length=64)
    currency = fields.CharField(max_length=3)
    legal_entity = fields.CharField(max_length=120)
    opened_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)
    weekend = fields.CharField(max_length=7, db_default="67")

    class Meta:
        table = "branch"
        constraints = (UniqueConstraint(fields=("chain_id", "code"), name="uq_branch_code"),)


class Holiday(Model):
    """A local day on which no business is done at a branch, besides those of its weekend."""

    id = fields.BigIntField(primary_key=True)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    day = fields.DateField()
    name = fields.CharField(max_length=120)

    class Meta:
        table = "holiday"
        constraints = (
            UniqueConstraint(fields=("branch_id", "day"), name="uq_holiday_day"),
            CheckConstraint(check="name <> ''", name="ck_holiday_name"),
        )
