"""What a query costs: an object 1 unless its field says more, a list its length times its child, a mutation 10."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GRAPHQL_MAX_INT,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

OBJECT = 1
MUTATION = 10
INTROSPECTION = 1000
PAGE = 20
"""The length of a connection that does not say how many (api.md)."""
UNSIZED_LIST = 10
"""The length a list without `first` is taken to have; such lists (lots, roles, lines) are short."""
USUAL_LENGTH = "usual length"
"""Under which the metadata of a field says that its list is shorter still."""
OWN_COST = "own cost"
"""Under which the metadata of a field says that its object takes more to make than others."""

_SIZING_ARGUMENTS = ("first", "last", "ids")
_DIGITS = 10
"""As many as the greatest Int has; Python refuses to convert some thousands of them."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many children a list is asked for: known from the document, or by a variable."""

    known: int | None
    """What the document says; for a variable what it declares, which null does not fall back to."""
    variable: str | None = None
    of_list: bool = False
    """Whether it is the length of a list, for which one alone may be given."""
    otherwise: "Size | None" = None
    """What another argument or the field itself says, where this one says nothing."""

    def given(self, variables: Mapping[str, object]) -> int:
        """The length for these variables; what is no length is left to coercion to refuse."""
        variable = self.variable
        length = _length(variables[variable], self.of_list) if variable and variable in variables else self.known
        if length is not None:
            return length
        return self.otherwise.given(variables) if self.otherwise else 0


@dataclass(frozen=True, slots=True, eq=False)
class Cost:
    """A sum that is known, and parts that are multiplied when the variables are; parts may be shared."""

    known: int = 0
    parts: tuple[tuple[Size, "Cost"], ...] = ()

    def given(self, variables: Mapping[str, object]) -> int:
        """The cost for these variables, each shared part reckoned once."""
        return self._given(variables, {}) if self.parts else self.known

    def _given(self, variables: Mapping[str, object], reckoned: dict[int, int]) -> int:
        key = id(self)
        if key not in reckoned:
            reckoned[key] = self.known + sum(
                size.given(variables) * part._given(variables, reckoned) for size, part in self.parts
            )
        return reckoned[key]


_ONE = Size(1)


class CostMeter:
    """Prices the operations of one valid document."""

    def __init__(self, schema: GraphQLSchema, fragments: Iterable[FragmentDefinitionNode]) -> None:
        self._schema = schema
        self._fragments = {node.name.value: node for node in fragments}
        self._priced: dict[tuple[str, Size | None], Cost] = {}

    def price(self, operation: OperationDefinitionNode, root_fields: int) -> Cost:
        """What the operation costs; `root_fields` counts those in fragments too."""
        self._defaults = {node.variable.name.value: node.default_value for node in operation.variable_definitions or ()}
        self._priced.clear()
        root = self._schema.get_root_type(operation.operation)
        cost = self._selection_set(operation.selection_set, root, None)
        if operation.operation is not OperationType.MUTATION:
            return cost
        return _sum([Cost(MUTATION * root_fields), cost])

    def _selection_set(self, node: SelectionSetNode, of: GraphQLNamedType | None, size: Size | None) -> Cost:
        return _sum(self._selection(selection, of, size) for selection in node.selections)

    def _selection(self, node: SelectionNode, of: GraphQLNamedType | None, size: Size | None) -> Cost:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value, size)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            inner = self._schema.get_type(condition.name.value) if condition else of
            return self._selection_set(node.selection_set, inner, size)
        assert isinstance(node, FieldNode)
        return self._field(node, of, size)

    def _fragment(self, name: str, size: Size | None) -> Cost:
        if (name, size) not in self._priced:
            node = self._fragments[name]
            of = self._schema.get_type(node.type_condition.name.value)
            self._priced[name, size] = self._selection_set(node.selection_set, of, size)
        return self._priced[name, size]

    def _field(self, node: FieldNode, of: GraphQLNamedType | None, page: Size | None) -> Cost:
        """Children of a connection (`edges`, `nodes`) take the page size asked of the connection."""
        if node.name.value in ("__schema", "__type"):
            return Cost(INTROSPECTION)
        field: GraphQLField | None = getattr(of, "fields", {}).get(node.name.value)
        if field is None or node.selection_set is None:
            return Cost()
        named = get_named_type(field.type)
        assert is_composite_type(named)
        own = self._size(node, field)
        is_list = is_list_type(get_nullable_type(field.type))
        inner = self._selection_set(node.selection_set, named, None if is_list else own)
        child = _sum([Cost(_metadata(field).get(OWN_COST, OBJECT)), inner])
        return _times(own or page or Size(_usual(field)), child) if is_list else child

    def _size(self, node: FieldNode, field: GraphQLField) -> Size | None:
        given = {argument.name.value: argument for argument in node.arguments or ()}
        names = [name for name in _SIZING_ARGUMENTS if name in field.args]
        size = Size(_default(field))
        for name in (name for name in reversed(names) if name in given):
            size = self._size_given(given[name].value, is_list_type(get_nullable_type(field.args[name].type)), size)
        return size if names else None

    def _size_given(self, node: ValueNode, of_list: bool, otherwise: Size) -> Size:
        if isinstance(node, VariableNode):
            name = node.name.value
            return Size(_length(self._defaults.get(name), of_list), name, of_list, otherwise)
        length = _length(node, of_list)
        return otherwise if length is None else Size(length)


def _default(field: GraphQLField) -> int:
    defaults = (getattr(field.args.get(name), "default_value", None) for name in ("first", "last"))
    return next((value for value in defaults if isinstance(value, int)), PAGE)


def _usual(field: GraphQLField) -> int:
    return _metadata(field).get(USUAL_LENGTH, UNSIZED_LIST)


def _metadata(field: GraphQLField) -> Mapping[Any, int]:
    declared = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return declared.metadata if declared else {}


def _length(said: object, of_list: bool) -> int | None:
    """The length that a literal or a JSON value says; None for null, and for what coercion will refuse."""
    match said:
        case None | NullValueNode():
            return None
        case list():
            return len(said)
        case ListValueNode():
            return len(said.values)
        case _ if of_list:
            return 1
        case IntValueNode():
            return _within(int(said.value[:_DIGITS]))
        case int():
            return _within(said)
        case float() if said.is_integer():
            return _within(said)
    return None


def _within(number: float) -> int:
    return int(max(0, min(number, GRAPHQL_MAX_INT)))


def _sum(costs: Iterable[Cost]) -> Cost:
    """Their sum; a cost that waits for variables is referred to, not copied, so that it stays small."""
    known, parts = 0, []
    for cost in costs:
        if cost.parts:
            parts.append((_ONE, cost))
        else:
            known += cost.known
    return Cost(known, tuple(parts))


def _times(size: Size, cost: Cost) -> Cost:
    if size.variable is None and not cost.parts:
        return Cost(size.given({}) * cost.known)
    return Cost(0, ((size, cost),))
