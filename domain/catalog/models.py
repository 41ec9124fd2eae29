"""Tables of services with their prices, and of package definitions with their versions."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Service(Model):
    """What a session buys."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    code = fields.CharField(max_length=20)
    name = fields.CharField(max_length=120)
    category = fields.CharField(max_length=60, default="")
    duration_minutes = fields.IntField()
    group_class = fields.BooleanField(default=False)
    tax_code = fields.CharField(max_length=20, default="")

    class Meta:
        table = "service"
        constraints = (
            UniqueConstraint(fields=("chain_id", "code"), name="uq_service_code"),
            CheckConstraint(check="duration_minutes > 0", name="ck_service_duration"),
        )


class ServicePrice(Model):
    """What one session of the service costs at one branch; no row means not offered there."""

    id = fields.BigIntField(primary_key=True)
    service = fields.ForeignKeyField("models.Service", related_name=False, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    list_price_minor = fields.BigIntField()

    class Meta:
        table = "service_price"
        constraints = (
            UniqueConstraint(fields=("service_id", "branch_id"), name="uq_service_price"),
            CheckConstraint(check="list_price_minor >= 0", name="ck_service_price_list"),
        )


class DeliveryCost(Model):
    """What one session of the service costs the branch to deliver, from a local day on until a later one says so.

    Of several rows for the same day the newest counts; one that was never recorded stems from before there were days.
    """

    id = fields.BigIntField(primary_key=True)
    service = fields.ForeignKeyField("models.Service", related_name=False, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    starts_on = fields.DateField()
    starts_at = fields.DatetimeField()
    cost_minor = fields.BigIntField(null=True)
    recorded_at = fields.DatetimeField(null=True)

    class Meta:
        table = "delivery_cost"
        constraints = (CheckConstraint(check="cost_minor >= 0", name="ck_delivery_cost"),)
        indexes = (Index(fields=("service_id", "branch_id", "starts_at"), name="ix_delivery_cost"),)


class PackageDefinition(Model):
    """The catalogue entry (SKU); what it promises stands in its versions."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    code = fields.CharField(max_length=20)
    created_at = fields.DatetimeField()

    class Meta:
        table = "package_definition"
        constraints = (UniqueConstraint(fields=("chain_id", "code"), name="uq_package_definition_code"),)


class DefinitionVersion(Model):
    """One version of a definition: DRAFT until published, sold while PUBLISHED, then RETIRED."""

    id = fields.CharField(max_length=32, primary_key=True)
    definition = fields.ForeignKeyField("models.PackageDefinition", related_name=False, on_delete=fields.RESTRICT)
    version = fields.IntField()
    state = fields.CharField(max_length=10)
    name = fields.CharField(max_length=120)
    recommended = fields.BooleanField(default=False)
    terms: fields.Field[dict[str, object]] = fields.JSONField()
    created_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)
    retired_at = fields.DatetimeField(null=True)

    class Meta:
        table = "definition_version"
        constraints = (UniqueConstraint(fields=("definition_id", "version"), name="uq_definition_version"),)
        indexes = (Index(fields=("definition_id", "state"), name="ix_definition_version_state"),)
