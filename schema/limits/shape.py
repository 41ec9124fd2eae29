"""The limits that need no schema: depth, aliases, root fields, directives, each fragment measured once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from schema.errors import DocumentRefused, ErrorCode

MAX_DEPTH = 10
# Fragments inside fragments add no depth to the answer, but every visitor of the document recurses into them.
MAX_NESTING = 50
MAX_ALIASES = 30
MAX_ROOT_FIELDS = 10
MAX_DIRECTIVES = 50
# Validation compares every two selections of one name with each other, so that repeating one is quadratic work.
MAX_REPEATS = 10
# The tools' introspection query is 15 deep: types → fields → args → type and nine times ofType.
MAX_INTROSPECTION_DEPTH = 16
MAX_INTROSPECTIONS = 2

META_FIELDS = frozenset({"__schema", "__type", "__typename"})


@dataclass(frozen=True, slots=True)
class Shape:
    """What a selection set amounts to with its fragments spread out."""

    fields: int = 0
    meta_fields: int = 0
    introspections: int = 0
    depth: int = 0
    introspection_depth: int = 0
    nesting: int = 0
    aliases: int = 0
    directives: int = 0
    repeats: int = 0

    @property
    def introspects_only(self) -> bool:
        """Whether nothing of the business is asked for."""
        return self.fields == self.meta_fields


class ShapeMeter:
    """Measures the operations of one document in time linear in its length."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._measured: dict[str, Shape] = {}

    def measure(self, operation: OperationDefinitionNode) -> Shape:
        """The shape of one operation; raises DocumentRefused when it is beyond a limit."""
        shape = self._selection_set(operation.selection_set, len(operation.directives or ()))
        _check(shape)
        return shape

    def _selection_set(self, node: SelectionSetNode | None, directives: int = 0) -> Shape:
        selections = node.selections if node else ()
        names = Counter((each.alias or each.name).value for each in selections if isinstance(each, FieldNode))
        parts = [self._selection(selection) for selection in selections]
        return _sum(parts, directives, max(names.values(), default=0))

    def _selection(self, node: SelectionNode) -> Shape:
        directives = len(node.directives or ())
        if isinstance(node, FragmentSpreadNode):
            return _sum([self._fragment(node.name.value)], directives)
        inner = self._selection_set(getattr(node, "selection_set", None), directives)
        return _field(node, inner) if isinstance(node, FieldNode) else inner

    def _fragment(self, name: str) -> Shape:
        if name not in self._measured:
            self._measured[name] = Shape()  # a fragment that contains itself is refused by validation
            if name in self._fragments:
                self._measured[name] = self._selection_set(self._fragments[name].selection_set)
        return self._measured[name]


def _field(node: FieldNode, inner: Shape) -> Shape:
    name = node.name.value
    introspects = name in ("__schema", "__type")
    return Shape(
        fields=1,
        meta_fields=int(name in META_FIELDS),
        introspections=inner.introspections + introspects,
        depth=1 if introspects else 1 + inner.depth,
        introspection_depth=1 + inner.depth if introspects else inner.introspection_depth,
        nesting=inner.nesting,
        aliases=inner.aliases + (node.alias is not None),
        directives=inner.directives,
        repeats=inner.repeats,
    )


def _sum(parts: Iterable[Shape], directives: int, repeats: int = 0) -> Shape:
    parts = tuple(parts)
    return Shape(
        fields=sum(part.fields for part in parts),
        meta_fields=sum(part.meta_fields for part in parts),
        introspections=sum(part.introspections for part in parts),
        depth=max((part.depth for part in parts), default=0),
        introspection_depth=max((part.introspection_depth for part in parts), default=0),
        nesting=1 + max((part.nesting for part in parts), default=0),
        aliases=sum(part.aliases for part in parts),
        directives=directives + sum(part.directives for part in parts),
        repeats=max([repeats, *(part.repeats for part in parts)]),
    )


def _check(shape: Shape) -> None:
    _at_most("depth", shape.depth, MAX_DEPTH, ErrorCode.QUERY_TOO_DEEP)
    _at_most("introspection depth", shape.introspection_depth, MAX_INTROSPECTION_DEPTH, ErrorCode.QUERY_TOO_DEEP)
    _at_most("nesting", shape.nesting, MAX_NESTING, ErrorCode.QUERY_TOO_DEEP)
    _at_most("number of aliases", shape.aliases, MAX_ALIASES)
    _at_most("number of root fields", shape.fields, MAX_ROOT_FIELDS)
    _at_most("number of directives", shape.directives, MAX_DIRECTIVES)
    _at_most("number of times a field is repeated", shape.repeats, MAX_REPEATS)
    _at_most("number of introspections", shape.introspections, MAX_INTROSPECTIONS)


def _at_most(what: str, found: int, allowed: int, code: ErrorCode = ErrorCode.QUERY_TOO_COSTLY) -> None:
    if found > allowed:
        # The true figure of a chain of fragments can have hundreds of digits.
        shown = found if found < 10_000 else "over 10,000"
        raise DocumentRefused.because(code, f"The {what} is {shown}; at most {allowed} is allowed.")
