"""Everything that is wrong with an input is said at once, field by field."""

import pytest

from domain.kernel.checks import Checks
from domain.kernel.errors import FieldProblem, InvalidInput


def test_an_input_without_problems_passes_with_its_texts_trimmed() -> None:
    checks = Checks()
    assert checks.required(" Ana\u200c ", 4, "name") == "Ana\u200c"
    assert checks.text("  ", 4, "notes") == ""
    assert checks.text("one\ntwo\t!\r\n", 20, "notes", lines=True) == "one\ntwo\t!"
    assert checks.code(" PHY-10 ", "code") == "PHY-10"
    assert checks.email(" Ana@Example.com ", "email") == "ana@example.com"
    assert [checks.email(nothing, "email") for nothing in (None, "", " ")] == [None, None, None]
    checks.passed()


def test_all_problems_are_refused_together_in_the_order_of_the_fields() -> None:
    checks = Checks()
    checks.required(" ", 4, "name")
    checks.text("12345", 4, "notes")
    checks.text("a\nb", 4, "street", "line")
    checks.code("phy 10", "code")
    checks.email("ana@", "email")
    checks.that(False, "Too old.", "birthday")
    checks.none_of([FieldProblem(("items",), "None.")])
    with pytest.raises(InvalidInput) as refused:
        checks.passed()
    assert refused.value.problems == (
        FieldProblem(("name",), "name must not be blank."),
        FieldProblem(("notes",), "notes holds at most 4 characters."),
        FieldProblem(("street", "line"), "line holds characters that cannot be written."),
        FieldProblem(("code",), "code is 1 to 20 of A-Z, 0-9 and hyphens."),
        FieldProblem(("email",), "email is not an e-mail address."),
        FieldProblem(("birthday",), "Too old."),
        FieldProblem(("items",), "None."),
    )
    assert refused.value.path == ()


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
def test_control_characters_are_written_nowhere(character: str) -> None:
    for lines in (False, True):
        checks = Checks()
        checks.text(f"a{character}b", 10, "notes", lines=lines)
        with pytest.raises(InvalidInput):
            checks.passed()


@pytest.mark.parametrize(
    "text",
    [
        *("ana", "ana@", "@example.com", "ana@example", "a na@example.com", "ana@@example.com", "ana@example..com"),
        *("ana@.com", "ana@example.com.", "<ana@example.com>", "ana@example.com\x00", "a" * 65 + "@example.com"),
    ],
)
def test_what_cannot_be_an_e_mail_address_is_refused(text: str) -> None:
    checks = Checks()
    checks.email(text, "email")
    with pytest.raises(InvalidInput):
        checks.passed()
