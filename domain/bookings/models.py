"""Tables of bookings, of who comes, and of what became of them."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class Booking(Model):
    """A visit of one or several persons, as it stands; `charged` of its sessions go to the customer's account."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    service = fields.ForeignKeyField("models.Service", related_name=False, on_delete=fields.RESTRICT)
    practitioner = fields.ForeignKeyField("models.Staff", related_name=False, null=True, on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)
    package = fields.ForeignKeyField("models.Package", related_name=False, null=True, on_delete=fields.RESTRICT)
    series_id = fields.CharField(max_length=32, null=True)
    source = fields.CharField(max_length=40, null=True)
    external_ref = fields.CharField(max_length=120, null=True)
    told_at = fields.DatetimeField(null=True)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    sessions = fields.IntField()
    charged = fields.IntField(db_default=0)
    state = fields.CharField(max_length=24)
    version = fields.IntField(db_default=1)
    reschedules = fields.IntField(db_default=0)
    booked_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    flagged_at = fields.DatetimeField(null=True)
    attachments: fields.Field[list[dict[str, str]]] = fields.JSONField(default=list)

    class Meta:
        table = "booking"
        constraints = (
            UniqueConstraint(fields=("chain_id", "source", "external_ref"), name="uq_booking_external_ref"),
            CheckConstraint(check="sessions >= 1 AND charged >= 0 AND charged <= sessions", name="ck_booking_sessions"),
            CheckConstraint(check="starts_at < ends_at", name="ck_booking_time"),
            CheckConstraint(check="(source IS NULL) = (external_ref IS NULL)", name="ck_booking_external_ref"),
        )
        indexes = (
            Index(fields=("branch_id", "starts_at", "id"), name="ix_booking_branch"),
            Index(fields=("practitioner_id", "starts_at", "id"), name="ix_booking_practitioner"),
            Index(fields=("customer_id", "starts_at", "id"), name="ix_booking_customer"),
            Index(fields=("package_id", "starts_at", "id"), name="ix_booking_package"),
            Index(fields=("chain_id", "starts_at", "id"), name="ix_booking_chain"),
            Index(fields=("series_id",), name="ix_booking_series"),
        )


class BookingPerson(Model):
    """A customer who comes: the one who booked, or a companion known by name."""

    id = fields.BigIntField(primary_key=True)
    booking = fields.ForeignKeyField("models.Booking", related_name=False, on_delete=fields.RESTRICT)
    customer = fields.ForeignKeyField("models.Customer", related_name=False, on_delete=fields.RESTRICT)

    class Meta:
        table = "booking_person"
        constraints = (UniqueConstraint(fields=("booking_id", "customer_id"), name="uq_booking_person"),)
        indexes = (Index(fields=("customer_id",), name="ix_booking_person_customer"),)


class BookingChange(Model):
    """What an operation made of a booking: the story of a booking is its changes, oldest first; append-only."""

    id = fields.BigIntField(primary_key=True)
    booking = fields.ForeignKeyField("models.Booking", related_name=False, on_delete=fields.RESTRICT)
    operation = fields.ForeignKeyField("models.Operation", related_name=False, to_field="id", on_delete=fields.RESTRICT)
    kind = fields.CharField(max_length=24)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, on_delete=fields.RESTRICT)
    practitioner = fields.ForeignKeyField("models.Staff", related_name=False, null=True, on_delete=fields.RESTRICT)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    cause = fields.CharField(max_length=10, null=True)
    note = fields.CharField(max_length=500, db_default="")

    class Meta:
        table = "booking_change"
        indexes = (
            Index(fields=("booking_id",), name="ix_booking_change_booking"),
            Index(fields=("operation_id",), name="ix_booking_change_operation"),
        )
