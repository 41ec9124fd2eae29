"""The short way for leaves gives every answer and every error that the long way gives."""

from typing import Any

import pytest
import strawberry
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from schema.execution import LEAVES, Execution, find_leaves

pytestmark = pytest.mark.anyio


@strawberry.type
class Thing:
    count: int
    label: str | None
    hidden: str | None = None

    @strawberry.field
    def doubled(self) -> int:
        return 2 * self.count


@strawberry.type
class Query:
    @strawberry.field
    def whole(self) -> Thing:
        return Thing(count=3, label="three")

    @strawberry.field
    def blank(self) -> Thing:
        return Thing(count=0, label=None)

    @strawberry.field
    def broken(self) -> Thing | None:
        return Thing(count="many", label="x")  # type: ignore[arg-type]

    @strawberry.field
    def missing(self) -> Thing | None:
        return Thing(count=None, label="x")  # type: ignore[arg-type]


def schema(context: type[Any]) -> strawberry.Schema:
    whole = strawberry.Schema(Query, execution_context_class=context)
    find_leaves(whole)
    return whole


def shown(result: Any) -> tuple[Any, list[Any]]:
    return result.data, [(error.message, error.path, error.locations) for error in result.errors or []]


@pytest.mark.parametrize("field", ["whole", "blank", "broken", "missing"])
async def test_both_ways_answer_alike(field: str) -> None:
    query = f"{{ again: {field} {{ __typename count n: count label hidden doubled }} }}"
    short = await schema(Execution).execute(query)
    long = await schema(StrawberryGraphQLCoreExecutionContext).execute(query)
    assert shown(short) == shown(long)
    assert (field in ("broken", "missing")) == bool(short.errors)


def test_only_plain_leaves_go_the_short_way() -> None:
    assert set(schema(Execution)._schema.extensions[LEAVES]) == {
        ("Thing", "count"),
        ("Thing", "label"),
        ("Thing", "hidden"),
    }


async def test_the_short_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    long_way = StrawberryGraphQLCoreExecutionContext.execute_field

    def noted(self: Any, parent: Any, source: Any, details: Any, *rest: Any) -> Any:
        taken.append(details[0].node.name.value)
        return long_way(self, parent, source, details, *rest)

    monkeypatch.setattr(StrawberryGraphQLCoreExecutionContext, "execute_field", noted)
    await schema(Execution).execute("{ whole { count label doubled } }")
    assert taken == ["whole", "doubled"]
