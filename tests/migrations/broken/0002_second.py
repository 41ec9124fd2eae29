"""Makes a table, fills it, and fails."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """The last statement cannot work."""

    dependencies = (("models", "0001_first"),)
    operations = (
        ops.RunSQL("CREATE TABLE second_step (id TEXT); INSERT INTO first_step VALUES ('half done');"),
        ops.RunSQL("INSERT INTO nowhere VALUES (1)"),
    )
