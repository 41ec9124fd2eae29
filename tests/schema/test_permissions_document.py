"""The tables of permissions are told in the documents and in the graph as they are."""

from pathlib import Path

from graphql import GraphQLObjectType

from domain.kernel.access import POLICIES
from domain.kernel.principals import Policy
from domain.kernel.reads import READS
from schema.graph import schema
from schema.permissions import printed

DOCUMENT = Path(__file__).parents[2] / "docs" / "permissions.md"


def test_the_document_says_what_the_tables_say() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == printed(), "run `python -m schema.permissions > docs/permissions.md`"


def test_every_field_that_the_table_keeps_for_some_says_so() -> None:
    for name, read in READS.items():
        kind, _, field = name.rpartition(".")
        owner = schema._schema.type_map[kind or "Query"]
        assert isinstance(owner, GraphQLObjectType)
        assert read is None or read.who in (owner.fields[field].description or ""), name


def test_what_an_act_needs_fits_a_denial() -> None:
    needs = [policy.needs for policy in POLICIES.values()] + [read.policy.needs for read in READS.values() if read]
    assert max(map(len, needs)) <= 300
    assert max(map(len, POLICIES)) <= 60
    assert POLICIES["grant_role"].needs == "the role OWNER for the whole chain"
    assert POLICIES["book_session"].needs == (
        "the role OWNER or MANAGER or FRONT_DESK or PRACTITIONER for the branch, or an API key with scope BOOK, "
        "or to be the customer concerned"
    )
    assert Policy().needs == "Carnet itself"
