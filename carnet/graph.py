"""The graph's routes: the schema, who may ask it, and what each operation knows."""

from collections.abc import Sequence
from functools import partial

from starlette.routing import BaseRoute

from carnet.authentication import Authentication
from schema.graph import make_context, schema
from schema.graphiql import IdeTab
from schema.http import graphql_routes
from schema.links import Links
from schema.token_settings import TokenSettings


def graph_routes(tokens: TokenSettings, links: Links, tabs: Sequence[IdeTab]) -> list[BaseRoute]:
    """`/graphql` and the files of its page."""
    return graphql_routes(
        schema, authenticate=Authentication(tokens), make_context=partial(make_context, links), ide_tabs=tabs
    )
