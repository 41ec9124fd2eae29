"""GraphQL documents made ready once: parsed, measured, validated, priced and kept for the next request."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import strawberry
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    TokenKind,
    parse,
    specified_rules,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document
from strawberry.types import ExecutionContext
from strawberry.types.graphql import OperationType

from schema.errors import DocumentRefused, ErrorCode, coded
from schema.limits.cost import Cost, CostMeter
from schema.limits.shape import Shape, ShapeMeter

MAX_TOKENS = 1000
MAX_COMMENTS = 200
CACHED_DOCUMENTS = 128
LONGEST_CACHED = 10_000
"""Characters: together they bound the memory that strangers' documents can take."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One executable operation of a document."""

    name: str | None
    kind: OperationType
    cost: Cost


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document within the limits."""

    ast: DocumentNode
    operations: Mapping[str | None, Operation]

    def operation(self, name: str | None) -> Operation:
        """The operation that is meant; without a name there must be just one."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name in self.operations:
            return self.operations[name]
        named = f"no operation named {name!r}" if name else "several operations; say which in operationName"
        raise DocumentRefused.because(ErrorCode.BAD_USER_INPUT, f"The document has {named}.")


def prepare(schema: strawberry.Schema, query: str) -> Document:
    """The document of this text; raises DocumentRefused with every reason why it cannot be executed."""
    return (_remembered if len(query) <= LONGEST_CACHED else _prepared)(schema, query)


def introspects_only(query: str, name: str | None) -> bool:
    """Whether nothing of the business is meant: told without validation, which is too dear to do for anyone."""
    _, measured = _measured(query)
    named = [shape for node, shape in measured if _name(node) == name]
    return all(shape.introspects_only for shape in named or (shape for _, shape in measured))


def _prepared(schema: strawberry.Schema, query: str) -> Document:
    ast, measured = _measured(query)
    _validate(schema, ast)
    costs = CostMeter(schema._schema, (n for n in ast.definitions if isinstance(n, FragmentDefinitionNode)))
    prepared = [
        Operation(
            _name(node),
            OperationType(node.operation.value),
            costs.price(node, shape.fields),
        )
        for node, shape in measured
    ]
    return Document(ast, {operation.name: operation for operation in prepared})


_remembered = lru_cache(maxsize=CACHED_DOCUMENTS)(_prepared)


def _measured(query: str) -> tuple[DocumentNode, list[tuple[OperationDefinitionNode, Shape]]]:
    """Done before validation, whose rules recurse as deep as the document does."""
    ast = _parsed(query)
    _refuse_nul(ast)
    shapes = ShapeMeter(ast)
    return ast, [(node, shapes.measure(node)) for node in ast.definitions if isinstance(node, OperationDefinitionNode)]


def _name(node: OperationDefinitionNode) -> str | None:
    return node.name.value if node.name else None


def _parsed(query: str) -> DocumentNode:
    try:
        return parse(query, max_lexical_tokens=MAX_TOKENS, max_comments=MAX_COMMENTS)
    except GraphQLSyntaxError as error:
        raise DocumentRefused(coded(error, _code_of_syntax(error))) from error


def _code_of_syntax(error: GraphQLSyntaxError) -> ErrorCode:
    if "nested too deeply" in error.message:
        return ErrorCode.QUERY_TOO_DEEP
    if "Parsing aborted" in error.message:
        return ErrorCode.QUERY_TOO_COSTLY
    return ErrorCode.GRAPHQL_PARSE_FAILED


def _refuse_nul(ast: DocumentNode) -> None:
    token = ast.loc.start_token if ast.loc else None
    while token is not None:
        if token.kind in (TokenKind.STRING, TokenKind.BLOCK_STRING) and "\0" in (token.value or ""):
            raise DocumentRefused.because(ErrorCode.BAD_USER_INPUT, "Text may not contain the NUL character.")
        token = token.next


def _validate(schema: strawberry.Schema, ast: DocumentNode) -> None:
    errors = validate_document(schema._schema, ast, tuple(specified_rules))
    if errors:
        raise DocumentRefused(*(coded(error, ErrorCode.GRAPHQL_VALIDATION_FAILED) for error in errors))


class PreparedDocument(SchemaExtension):
    """Gives Strawberry the prepared document, so that nothing is parsed or validated twice."""

    def on_parse(self) -> None:  # type: ignore[override]
        context = self.execution_context
        try:
            document = prepare(context.schema, context.query or "")
        except DocumentRefused as refused:
            raise refused.errors[0] from refused
        context.graphql_document = document.ast
        context.pre_execution_errors = []


class GraphSchema(strawberry.Schema):
    """A schema whose documents come prepared and whose faults are logged once, by the edge."""

    def __init__(
        self,
        query: type,
        *,
        extensions: Iterable[type[SchemaExtension] | Callable[[], SchemaExtension]] = (),
        **options: object,
    ) -> None:
        super().__init__(query, extensions=(PreparedDocument, *extensions), **options)  # type: ignore[arg-type]

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave the log to `schema.errors`, which knows a client's mistake from a fault of ours."""
