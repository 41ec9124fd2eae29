"""The accounting systems as a client names them, each with what opens it."""

import strawberry
from strawberry import UNSET

from schema.accounting.sync_enums import PlainTextFormat
from schema.scalars import CurrencyCode

_ADDRESS = "An address that everybody on the internet can reach; "
_ELSEWHERE = f"{_ADDRESS}that of the system itself when left out."


@strawberry.input(description="What lets Carnet in to Xero or QuickBooks.")
class OAuthCredentialsInput:
    """A client of OAuth that a person has let in."""

    client_id: str = strawberry.field(description="The id of your app there.")
    client_secret: str = strawberry.field(description="Its secret.")
    refresh_token: str = strawberry.field(
        description="What the consent of a person gave the app. Carnet keeps every later one by itself; as each works "
        "once, two connections that are given the same one stop each other."
    )


@strawberry.input(description="What lets Carnet in to ERPNext.")
class ApiKeyPairInput:
    """A key with its secret."""

    api_key: str = strawberry.field(description="The API key of a user there.")
    api_secret: str = strawberry.field(description="The API secret of that user.")


@strawberry.input(description="What lets Carnet in to Odoo.")
class ApiKeyInput:
    """A key alone."""

    api_key: str = strawberry.field(description="An API key of a user there.")


@strawberry.input(description="What a receiver of documents knows Carnet by.")
class SigningSecretInput:
    """A secret alone."""

    secret: str = strawberry.field(
        description="What documents are signed with, as in Standard Webhooks: `whsec_` and 24 to 64 bytes in base64."
    )


@strawberry.input(description="An organisation in Xero.")
class XeroInput(OAuthCredentialsInput):
    """Xero."""

    tenant_id: str = strawberry.field(description="The organisation, as Xero's list of connections names it.")
    currency: CurrencyCode = strawberry.field(description="Its currency: documents in another one are rejected.")
    api: str | None = strawberry.field(default=None, description=f"Where it is called. {_ELSEWHERE}")
    token_url: str | None = strawberry.field(default=None, description=f"Where tokens are renewed. {_ELSEWHERE}")


@strawberry.input(description="A company in QuickBooks Online.")
class QuickBooksInput(OAuthCredentialsInput):
    """QuickBooks."""

    realm_id: str = strawberry.field(description="The company, as QuickBooks names it.")
    currency: CurrencyCode = strawberry.field(description="Its currency: documents in another one are rejected.")
    api: str | None = strawberry.field(default=None, description=f"Where it is called. {_ELSEWHERE}")
    token_url: str | None = strawberry.field(default=None, description=f"Where tokens are renewed. {_ELSEWHERE}")


@strawberry.input(description="A company on an ERPNext site.")
class ErpNextInput(ApiKeyPairInput):
    """ERPNext."""

    url: str = strawberry.field(description=f"{_ADDRESS}of the site.")
    company: str = strawberry.field(description="The name of the company there.")
    currency: CurrencyCode = strawberry.field(description="Its currency: documents in another one are rejected.")
    id_field: str | None = strawberry.field(
        default=None,
        description="The field of a journal entry that keeps the id of the document, best a unique one of your own; "
        "`custom_carnet_id` when left out.",
    )


@strawberry.input(description="A journal in Odoo.")
class OdooInput(ApiKeyInput):
    """Odoo."""

    url: str = strawberry.field(description=f"{_ADDRESS}of the server.")
    journal_id: int = strawberry.field(description="The journal, by its number there.")
    currency: CurrencyCode = strawberry.field(description="Its currency: documents in another one are rejected.")
    database: str | None = strawberry.field(
        default=None, description="The database, where the server has several under one address."
    )


@strawberry.input(description="A folder of files, below the one that the operator of Carnet has set.")
class PlainTextInput:
    """Plain text."""

    format: PlainTextFormat = strawberry.field(description="What they are written for.")


@strawberry.input(description="A system of your own, which takes documents as JSON, signed as Standard Webhooks says.")
class DocumentWebhookInput(SigningSecretInput):
    """A webhook."""

    url: str = strawberry.field(description=f"{_ADDRESS}documents are sent there.")


@strawberry.input(
    one_of=True,
    description="The system with what opens it, exactly one. What lets Carnet in is kept encrypted, and never told.",
)
class AccountingSystemInput:
    """The system of a connection."""

    xero: XeroInput | None = strawberry.field(default=UNSET, description="Xero.")
    quickbooks: QuickBooksInput | None = strawberry.field(default=UNSET, description="QuickBooks Online.")
    erpnext: ErpNextInput | None = strawberry.field(default=UNSET, description="ERPNext.")
    odoo: OdooInput | None = strawberry.field(default=UNSET, description="Odoo, from version 19 on.")
    plain_text: PlainTextInput | None = strawberry.field(default=UNSET, description="Files for beancount or hledger.")
    webhook: DocumentWebhookInput | None = strawberry.field(default=UNSET, description="A system of your own.")


@strawberry.input(
    one_of=True, description="What lets Carnet in from now on, exactly one, of the kind that the system takes."
)
class AccountingCredentialsInput:
    """New credentials."""

    oauth: OAuthCredentialsInput | None = strawberry.field(default=UNSET, description="For Xero and QuickBooks.")
    key_pair: ApiKeyPairInput | None = strawberry.field(default=UNSET, description="For ERPNext.")
    key: ApiKeyInput | None = strawberry.field(default=UNSET, description="For Odoo.")
    signing: SigningSecretInput | None = strawberry.field(default=UNSET, description="For a webhook.")
