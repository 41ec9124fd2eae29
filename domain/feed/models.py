"""The table of who reads the feed, and how far each has come."""

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model


class FeedReader(Model):
    """A feed of an API key, or of a person, under a name of its own; acknowledged up to a position."""

    id = fields.CharField(max_length=32, primary_key=True)
    chain = fields.ForeignKeyField("models.Chain", related_name=False, on_delete=fields.RESTRICT)
    principal = fields.CharField(max_length=12)
    principal_id = fields.CharField(max_length=32)
    feed = fields.CharField(max_length=60)
    position = fields.BigIntField()
    began_at = fields.DatetimeField()
    acknowledged_at = fields.DatetimeField()

    class Meta:
        table = "feed_reader"
        constraints = (
            UniqueConstraint(fields=("chain_id", "principal_id", "feed"), name="uq_feed_reader"),
            CheckConstraint(check="position >= 0", name="ck_feed_reader_position"),
        )
