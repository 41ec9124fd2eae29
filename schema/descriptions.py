"""What is the same on many fields is described in one place: arguments, and who may read."""

from graphql import GraphQLInterfaceType, GraphQLObjectType
from strawberry import Schema

from domain.kernel.reads import READS

ARGUMENTS = {
    "id": "The id, as any answer gave it.",
    "ids": "The ids, as any answers gave them.",
    "first": "How many at most, from 1 to 100; 20 when left out.",
    "after": "The cursor behind which to begin: `endCursor` of the page before.",
    "last": "How many at most from the end, from 1 to 100.",
    "before": "The cursor before which to end.",
    "filter": "Which ones; all that you may see when left out.",
    "orderBy": "In which order.",
    "input": "What to do.",
    "branchId": "The branch.",
    "connectionId": "The connection.",
    "definitionId": "The package definition.",
    "states": "Only those in one of these states; of any when left out.",
    "coming": "Only those to come, or only the others; all when left out.",
    "at": "The instant; now when left out.",
    "revoked": "Those of the past, too.",
    "until": "The last day to count; all days when left out.",
}


def describe_arguments(schema: Schema) -> None:
    """Describe every argument that does not describe itself."""
    for kind in schema._schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field in kind.fields.values():
                for name, argument in field.args.items():
                    argument.description = argument.description or ARGUMENTS.get(name)


def describe_readers(schema: Schema) -> None:
    """Say of everything that the table of reads keeps for some who may read it, and what others are answered."""
    for name, read in READS.items():
        kind, _, field = name.rpartition(".")
        owner = schema._schema.type_map[kind or "Query"]
        assert isinstance(owner, GraphQLObjectType), f"{kind} has no fields to read"
        found = owner.fields.get(field)
        if found is not None and read is not None:
            found.description = f"{found.description}\n\n{read.who}"
