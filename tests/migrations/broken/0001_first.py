"""Makes a table."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """One table."""

    initial = True
    operations = (ops.RunSQL("CREATE TABLE first_step (id TEXT)"),)
