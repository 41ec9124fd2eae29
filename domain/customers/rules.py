"""Pure rules of customers: phones and names in the one form in which they compare."""

import re
import unicodedata

from domain.customers.calling_codes import CALLING_CODES, KEEPS_ITS_ZERO

_PUNCTUATION = re.compile(r"[\s.\-/()\[\]]+")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def is_country(code: str) -> bool:
    """Whether the code is an ISO 3166 country in capital letters."""
    return code in CALLING_CODES


def normalise_phone(text: str, country: str | None) -> str | None:
    """`+351922925005`, whatever blanks and prefix it was typed with; None when it cannot be a phone.

    00 stands for the plus. Without either, one leading 0 is dropped and the country's calling code put in front.
    """
    bare = _PUNCTUATION.sub("", text)
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    elif not bare.startswith("+"):
        national = bare if country in KEEPS_ITS_ZERO else bare.removeprefix("0")
        bare = f"+{CALLING_CODES.get(country or '', '')}{national}" if is_country(country or "") else ""
    return bare if _E164.fullmatch(bare) else None


def phones_meant(text: str, country: str | None = None) -> list[str]:
    """Every phone that the text may stand for: in the country given, else in any.

    A number is looked up as it was typed: `922 925 005` is found under +351922925005 without asking for a country.
    """
    if len(text) > 40:
        return []
    plain = _PUNCTUATION.sub("", text)
    countries = [country] if country else [None, *CALLING_CODES]
    spellings = [text, f"+{plain}"] if plain.isdecimal() else [text]
    meant = (normalise_phone(spelling, where) for spelling in spellings for where in countries)
    return list(dict.fromkeys(phone for phone in meant if phone))


def fold_name(first_name: str, last_name: str) -> str:
    """The whole name as it compares: no accents, the Turkish dotless i as i, no case, single blanks."""
    letters = unicodedata.normalize("NFKD", f"{first_name} {last_name}")
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.replace("\N{LATIN SMALL LETTER DOTLESS I}", "i").casefold().split())
