"""Tables of the staff, what they are trusted with, and the API keys of integrations."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class Staff(Model):
    """A person who works for the chain."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    name = fields.CharField(max_length=120)
    email = fields.CharField(max_length=254, null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "staff"
        constraints = (UniqueConstraint(fields=("chain_id", "email"), name="uq_staff_email"),)
        indexes = (Index(fields=("chain_id", "name"), name="ix_staff_name"),)


class RoleGrant(Model):
    """A role held by a person, on the whole chain or on one branch, until revoked."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    staff = fields.ForeignKeyField("models.Staff", related_name=False, on_delete=fields.RESTRICT)
    role = fields.CharField(max_length=12)
    branch = fields.ForeignKeyField("models.Branch", related_name=False, null=True, on_delete=fields.RESTRICT)
    granted_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "role_grant"
        indexes = (Index(fields=("staff_id",), name="ix_role_grant_staff"),)


class ApiKey(Model):
    """A key of an integration; only the SHA-256 of its secret is kept."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    name = fields.CharField(max_length=120)
    secret_hash = fields.CharField(max_length=64, unique=True)
    scopes: fields.Field[list[str]] = fields.JSONField()
    created_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "api_key"
        indexes = (Index(fields=("chain_id",), name="ix_api_key_chain"),)
