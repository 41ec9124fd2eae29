"""When two rows are the same person: the phone in one form and the name without its accents."""

import re
import unicodedata

from domain.imports.rules.faults import Fault, RowRefused

_CALLING_CODES = {"PT": "351", "ES": "34", "GB": "44", "TR": "90"}
_PUNCTUATION = re.compile(r"[\s.\-()\[\]]+")
_DOTLESS_I = "\N{LATIN SMALL LETTER DOTLESS I}"
_INTERNATIONAL = re.compile(r"\+[0-9]{5,15}")


def normalise_phone(text: str, country: str) -> str:
    """`+351922925005`, whatever blanks and prefix it was typed with; a blank phone stays blank."""
    bare = _PUNCTUATION.sub("", text)
    if not bare:
        return ""
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    elif not bare.startswith("+"):
        bare = f"+{_CALLING_CODES.get(country, '?')}{bare.removeprefix('0')}"
    if not _INTERNATIONAL.fullmatch(bare):
        raise RowRefused(Fault.BAD_PHONE)
    return bare


def fold_name(first_name: str, last_name: str) -> str:
    """The whole name as it compares: no accents, the Turkish dotless i as i, no case, single blanks."""
    letters = unicodedata.normalize("NFKD", f"{first_name} {last_name}")
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.replace(_DOTLESS_I, "i").casefold().split())
