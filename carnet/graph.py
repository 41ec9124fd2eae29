"""The graph's routes: the schema, who may ask it, and what each operation knows."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from carnet.authentication import Authentication
from schema.graphiql import IdeTab
from schema.tokens import TokenSettings


def graph_routes(tokens: TokenSettings, tabs: Sequence[IdeTab]) -> list[BaseRoute]:
    """`/graphql` and the files of its page."""
    from importlib.util import find_spec

    if not find_spec("schema.root"):
        return []
    from schema.root import schema

    from schema.http import graphql_routes

    return graphql_routes(schema, authenticate=Authentication(tokens), make_context=None, ide_tabs=tabs)
