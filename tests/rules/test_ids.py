"""Ids are opaque, name their noun, sort by time, and are the same string everywhere."""

import pytest

from domain.kernel.ids import is_id, new_id, prefix_of


def test_an_id_is_its_prefix_and_26_characters_that_nobody_misreads() -> None:
    made = new_id("pkg")
    assert made.startswith("pkg_")
    assert len(made) == 30
    assert not set(made[4:]) & set("ilou ILOU")
    assert is_id(made, "pkg")


def test_ids_sort_in_the_order_in_which_they_were_made() -> None:
    made = [new_id("op") for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000


TAIL = "01ke9cq3v8f7m2n4p6r8t0w1xy"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "pkg_",
            "pkg",
            "_",
            f"cus_{TAIL}",
            f"pkg_{TAIL[1:]}",
            f"pkg_{TAIL}0",
            f"pkg_{TAIL.upper()}",
            f"pkg{TAIL}",
        ),
        *(f"pkg_{'i' * 26}", f" pkg_{TAIL}", f"pkg_{TAIL}\n", f"pkg_pkg_{TAIL[4:]}"),
    ],
)
def test_anything_else_is_no_id_of_a_package(text: str) -> None:
    assert is_id(f"pkg_{TAIL}", "pkg")
    assert not is_id(text, "pkg")


def test_the_prefix_tells_the_noun() -> None:
    assert prefix_of(new_id("cus")) == "cus"
    assert prefix_of("cus_nonsense") == ""
