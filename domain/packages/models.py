"""Tables of sold packages and their lots."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Package(Model):
    """One sold instance; its terms are the definition's at the moment of sale and never change."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    reference = fields.CharField(max_length=64, null=True)
    definition = fields.ForeignKeyField("models.PackageDefinition", related_name=False, on_delete=fields.RESTRICT)
    definition_version = fields.ForeignKeyField(
        "models.DefinitionVersion", related_name=False, on_delete=fields.RESTRICT
    )
    name = fields.CharField(max_length=120)
    holder = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)
    home_branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    selling_branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    currency = fields.CharField(max_length=3)
    price_minor = fields.BigIntField()
    tax_minor = fields.BigIntField()
    paid_minor = fields.BigIntField(default=0)
    credited_minor = fields.BigIntField(db_default=0)
    refunded_minor = fields.BigIntField(db_default=0)
    brought_minor = fields.BigIntField(db_default=0)
    terms: fields.Field[dict[str, object]] = fields.JSONField()
    sharing = fields.CharField(max_length=10)
    sold_at = fields.DatetimeField()
    homed_at = fields.DatetimeField(null=True)
    activated_at = fields.DatetimeField(null=True)
    first_used_on = fields.DateField(null=True)
    start_by = fields.DateField(null=True)
    frozen_from = fields.DatetimeField(null=True)
    thaws_at = fields.DatetimeField(null=True)
    disputed_at = fields.DatetimeField(null=True)
    extended_days = fields.IntField(db_default=0)
    closed_at = fields.DatetimeField(null=True)
    closed_as = fields.CharField(max_length=12, null=True)
    version = fields.IntField()

    class Meta:
        table = "package"
        constraints = (
            UniqueConstraint(fields=("chain_id", "reference"), name="uq_package_reference"),
            CheckConstraint(
                check="price_minor >= 0 AND tax_minor >= 0 AND tax_minor <= price_minor",
                name="ck_package_price",
            ),
            CheckConstraint(check="paid_minor >= 0", name="ck_package_paid"),
            CheckConstraint(
                check="credited_minor >= 0 AND refunded_minor >= 0"
                " AND (refunded_minor = 0 OR refunded_minor <= paid_minor + brought_minor)",
                name="ck_package_given_back",
            ),
        )
        indexes = (
            Index(fields=("chain_id", "sold_at", "id"), name="ix_package_chain"),
            Index(fields=("holder_id", "sold_at", "id"), name="ix_package_holder"),
            Index(fields=("home_branch_id", "sold_at", "id"), name="ix_package_home_branch"),
            Index(fields=("definition_id", "holder_id"), name="ix_package_definition"),
        )


class Lot(Model):
    """Sessions with one origin, one set of services, one expiry and one value; counts are the door's cache."""

    id = fields.CharField(max_length=32, primary_key=True)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    origin = fields.CharField(max_length=10)
    bonus = fields.BooleanField()
    item = fields.IntField()
    priority = fields.IntField(default=0)
    issued_at = fields.DatetimeField()
    last_day = fields.DateField()
    expires_at = fields.DatetimeField()
    lapses_at = fields.DatetimeField()
    issued = fields.IntField(default=0)
    available = fields.IntField(default=0)
    held = fields.IntField(default=0)
    consumed = fields.IntField(default=0)
    expired = fields.IntField(default=0)
    refunded = fields.IntField(default=0)
    moved = fields.IntField(default=0)
    value_issued_minor = fields.BigIntField(default=0)
    value_left_minor = fields.BigIntField(default=0)
    tax_left_minor = fields.BigIntField(default=0)
    recognised_minor = fields.BigIntField(db_default=0)
    tax_recognised_minor = fields.BigIntField(db_default=0)
    breakage_bp = fields.IntField(db_default=0)
    revalued_at = fields.DatetimeField(null=True)

    class Meta:
        table = "lot"
        constraints = (
            CheckConstraint(
                check="issued = available + held + consumed + expired + refunded + moved",
                name="ck_lot_conservation",
            ),
            CheckConstraint(
                check="available >= 0 AND held >= 0 AND consumed >= 0 AND expired >= 0"
                " AND refunded >= 0 AND moved >= 0",
                name="ck_lot_buckets",
            ),
            CheckConstraint(
                check="value_left_minor >= 0 AND tax_left_minor >= 0 AND tax_left_minor <= value_left_minor"
                " AND value_left_minor <= value_issued_minor",
                name="ck_lot_value",
            ),
            CheckConstraint(check="expires_at <= lapses_at", name="ck_lot_lapse"),
            CheckConstraint(check="breakage_bp >= 0 AND breakage_bp < 10000", name="ck_lot_breakage"),
        )
        indexes = (Index(fields=("package_id",), name="ix_lot_package"),)


class LotService(Model):
    """A service that sessions of the lot may be used for."""

    id = fields.BigIntField(primary_key=True)
    lot = fields.ForeignKeyField("models.Lot", related_name=False, on_delete=fields.RESTRICT)
    service = fields.ForeignKeyField("models.Service", related_name=False, on_delete=fields.RESTRICT)

    class Meta:
        table = "lot_service"
        constraints = (UniqueConstraint(fields=("lot_id", "service_id"), name="uq_lot_service"),)
        indexes = (Index(fields=("service_id",), name="ix_lot_service_service"),)


class Freeze(Model):
    """A time in which a package cannot be used and does not grow older; the package itself bears the one that counts.

    `thaws_on` is the first day of use again, open while a dispute lasts; `lots` are those whose last day moved.
    """

    id = fields.CharField(max_length=32, primary_key=True)
    package = fields.ForeignKeyField("models.Package", related_name=False, on_delete=fields.RESTRICT)
    cause = fields.CharField(max_length=10)
    starts_on = fields.DateField()
    thaws_on = fields.DateField(null=True)
    frozen_from = fields.DatetimeField()
    thaws_at = fields.DatetimeField(null=True)
    days_added = fields.IntField(db_default=0)
    lots: fields.Field[list[str]] = fields.JSONField(default=list)
    frozen_by = fields.CharField(max_length=32)
    thawed_by = fields.CharField(max_length=32, null=True)

    class Meta:
        table = "freeze"
        constraints = (CheckConstraint(check="thaws_at IS NULL OR frozen_from <= thaws_at", name="ck_freeze_period"),)
        indexes = (Index(fields=("package_id", "frozen_from"), name="ix_freeze_package"),)
