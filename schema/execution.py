"""Execution with a short way for plain attributes, which most of the fields of an answer are."""

from typing import Any, NamedTuple

from graphql import GraphQLField, GraphQLLeafType, GraphQLObjectType, Undefined, get_nullable_type, is_leaf_type
from strawberry import Schema
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter


class Leaf(NamedTuple):
    """A field that is an attribute of its object, and a scalar or an enum."""

    attribute: str
    type: GraphQLLeafType


LEAVES = "carnet-leaves"
"""Where a schema keeps its leaves, by the names of their type and field."""


def find_leaves(schema: Schema) -> None:
    """Note every field that can go the short way; done once, when the schema is assembled."""
    objects = [kind for kind in schema._schema.type_map.values() if isinstance(kind, GraphQLObjectType)]
    schema._schema.extensions[LEAVES] = {
        (kind.name, name): leaf
        for kind in objects
        for name, field in kind.fields.items()
        if (leaf := _leaf(field)) is not None
    }


def _leaf(field: GraphQLField) -> Leaf | None:
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    kind = get_nullable_type(field.type)
    if definition is None or not getattr(field.resolve, "_is_default", False) or not is_leaf_type(kind):
        return None
    return Leaf(definition.python_name, kind)


class Execution(StrawberryGraphQLCoreExecutionContext):
    """Reads leaves straight from their objects; whatever is unusual goes the long way and is reported there."""

    def execute_field(
        self, parent_type: GraphQLObjectType, source: Any, field_details_list: Any, path: Any, position_context: Any
    ) -> Any:
        """The value of a field. Its resolver, its info and its coroutine are spared where none is needed."""
        name = field_details_list[0].node.name.value
        leaf: Leaf | None = self.schema.extensions[LEAVES].get((parent_type.name, name))
        if leaf is not None:
            value = _coerced(leaf, source)
            if value is not None and value is not Undefined:
                return value
        return super().execute_field(parent_type, source, field_details_list, path, position_context)


def _coerced(leaf: Leaf, source: Any) -> Any:
    value = getattr(source, leaf.attribute, None)
    if value is None:
        return None
    try:
        return leaf.type.coerce_output_value(value)
    except Exception:
        return None  # the long way meets it again, and knows where in the document it is
