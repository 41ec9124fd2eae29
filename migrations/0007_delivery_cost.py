"""The price of a service bears no delivery cost any more: it is kept with the day from which it counts."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """One column and its constraint go; what stood there was moved by 0006."""

    dependencies = (("models", "0006_money_moved"),)
    operations = (
        ops.RemoveConstraint(model_name="ServicePrice", name="ck_service_price_cost"),
        ops.RemoveField(model_name="ServicePrice", name="delivery_cost_minor"),
    )
