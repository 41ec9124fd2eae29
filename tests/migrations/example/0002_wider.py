"""Changes the parent in a way for which SQLite has to make the table anew."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """A column that may be empty from now on."""

    dependencies = (("models", "0001_tables"),)
    operations = (ops.AlterField("Parent", name="code", field=fields.CharField(max_length=40, null=True)),)
