"""The mutations about webhooks, gathered for the root."""

import strawberry

from schema.webhooks import change_webhook as changing
from schema.webhooks import register_webhook as registering
from schema.webhooks import remove_webhook as removing
from schema.webhooks import replay_webhook as replaying
from schema.webhooks import rotate_webhook_secret as rotating


@strawberry.type
class WebhookMutations:
    """Mixed into the root mutation."""

    register_webhook: registering.RegisterWebhookResult = registering.MUTATION
    change_webhook: changing.ChangeWebhookResult = changing.MUTATION
    remove_webhook: removing.RemoveWebhookResult = removing.MUTATION
    rotate_webhook_secret: rotating.RotateWebhookSecretResult = rotating.MUTATION
    replay_webhook: replaying.ReplayWebhookResult = replaying.MUTATION
