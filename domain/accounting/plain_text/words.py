"""Free text as it may stand in files of beancount and hledger: on one line, and never two blanks in a row."""

from domain.kernel.money import exponent

_NOT_IN_TAGS = str.maketrans(",[]", " ()")


def plain(text: str) -> str:
    """The text on one line with single blanks."""
    return " ".join(text.split())


def quoted(text: str) -> str:
    """As beancount reads a text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def described(text: str) -> str:
    """As hledger reads what a transaction is about: a semicolon would begin a comment, a parenthesis a code."""
    return plain(text.replace(";", ",")).lstrip("(*! ")


def tag(name: str, value: str) -> str:
    """A tag of hledger, whose value ends at a comma; a day in brackets would be the day of the posting."""
    return f"{name}:{plain(value.translate(_NOT_IN_TAGS))}"


def commodity(currency: str) -> str:
    """How hledger is told what amounts of a currency look like; it has to see a decimal mark."""
    return f"commodity 1000.{'0' * exponent(currency)} {currency}\n"
