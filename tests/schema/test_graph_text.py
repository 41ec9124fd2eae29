"""The schema is written down as it is, and says of everything what it is."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema
from graphql.type import is_introspection_type, is_specified_scalar_type

from domain.acts import ACTS
from domain.kernel.access import POLICIES
from schema.graph import schema, sdl

ROOT = Path(__file__).parents[2]
GRAPH: GraphQLSchema = schema._schema


def _undescribed() -> Iterator[str]:
    for name, kind in GRAPH.type_map.items():
        if is_introspection_type(kind) or is_specified_scalar_type(kind):
            continue
        if not kind.description:
            yield name
        if isinstance(kind, GraphQLEnumType):
            yield from (f"{name}.{value}" for value, shown in kind.values.items() if not shown.description)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            yield from _undescribed_fields(kind)


def _undescribed_fields(kind: GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType) -> Iterator[str]:
    for name, field in kind.fields.items():
        if not field.description:
            yield f"{kind.name}.{name}"
        for argument, shown in getattr(field, "args", {}).items():
            if not shown.description:
                yield f"{kind.name}.{name}({argument}:)"


def _mutations() -> dict[str, str]:
    assert GRAPH.mutation_type is not None
    return {name: field.description or "" for name, field in GRAPH.mutation_type.fields.items()}


def test_every_type_field_argument_and_enum_value_has_a_description() -> None:
    assert list(_undescribed()) == []


def test_every_mutation_says_who_may() -> None:
    said = {_snake(name): text for name, text in _mutations().items()}
    assert [name for name, text in said.items() if POLICIES[name].needs not in text] == []


def test_every_act_that_somebody_may_is_a_mutation_or_a_step_of_an_import() -> None:
    acts = {act.__name__ for act in ACTS if POLICIES[act.__name__].roles}
    assert acts - {_snake(name) for name in _mutations()} <= {"import_customer", "import_package"}


def test_every_refusal_of_a_mutation_is_a_user_error_and_its_first_member_the_outcome() -> None:
    assert GRAPH.mutation_type is not None
    for name, field in GRAPH.mutation_type.fields.items():
        payload, *refusals = field.type.of_type.types
        assert payload.name == f"{name[0].upper()}{name[1:]}Payload"
        assert refusals and all("UserError" in [each.name for each in kind.interfaces] for kind in refusals)


def test_root_fields_of_reading_are_nullable() -> None:
    assert GRAPH.query_type is not None
    assert [name for name, field in GRAPH.query_type.fields.items() if str(field.type).endswith("!")] == []


def test_the_committed_schema_is_the_schema_of_the_code() -> None:
    committed = (ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8")
    assert committed == sdl(), "run `carnet sdl > schema/schema.graphql` and look at what changed"


def test_the_text_of_the_schema_does_not_depend_on_the_process() -> None:
    printing = [sys.executable, "-c", "from schema.graph import sdl; print(sdl(), end='')"]
    env = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"}
    elsewhere = subprocess.run(printing, cwd=ROOT, env=env, capture_output=True, check=True, text=True)
    assert elsewhere.stdout == sdl()


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
