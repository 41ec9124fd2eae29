"""Money in whole minor units of an ISO 4217 currency; no float anywhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.kernel.words import quoted

# ISO 4217: the currencies whose exponent is not 2.
_EXPONENTS = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF UYI".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
_CURRENCIES = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG
    QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD
    TWD TZS UAH UGX USD UYI UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG""".split()
)
_DECIMAL = re.compile(r"(-?)0*(\d+)(?:\.(\d{1,3}))?", re.ASCII)
_DIGITS = 15
"""More than any amount that is kept has before its point, and never too many to be read."""

MAX_MINOR = 10**15
"""No single amount may reach this; sums of many stay far inside 64 bits."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of its currency."""

    amount_minor: int
    currency: str

    def __str__(self) -> str:
        return f"{to_decimal_string(self.amount_minor, self.currency)} {self.currency}"


def is_currency(code: str) -> bool:
    """Whether the code is an active ISO 4217 currency."""
    return code in _CURRENCIES


def exponent(currency: str) -> int:
    """Number of decimal digits of the currency: EUR 2, JPY 0, KWD 3."""
    return _EXPONENTS.get(currency, 2)


def to_decimal_string(amount_minor: int, currency: str) -> str:
    """The amount as a decimal text with exactly the currency's digits: 45000 EUR is `450.00`."""
    digits = exponent(currency)
    if digits == 0:
        return str(amount_minor)
    whole, fraction = divmod(abs(amount_minor), 10**digits)
    return f"{'-' if amount_minor < 0 else ''}{whole}.{fraction:0{digits}d}"


def parse_decimal_string(text: str, currency: str) -> int:
    """Minor units of a decimal text; more digits than the currency has raise ValueError, never round."""
    match = _DECIMAL.fullmatch(text)
    digits = exponent(currency)
    if match is None:
        raise ValueError(f"{quoted(text)} is not a decimal amount such as 450.00")
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if len(fraction) > digits:
        raise ValueError(f"{currency} has {digits} decimal digits; {quoted(text)} has {len(fraction)}")
    minor: int = int(whole[: _DIGITS + 1]) * 10**digits + int(fraction.ljust(digits, "0") or "0")
    if minor >= MAX_MINOR:
        raise ValueError(f"{quoted(text)} is larger than any amount Carnet keeps")
    return -minor if sign else minor


def round_half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator rounded half up, for numerator >= 0 and denominator > 0."""
    assert numerator >= 0 and denominator > 0
    return (2 * numerator + denominator) // (2 * denominator)


def split_largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """The total shared by weight, to the unit: floors first, then one unit each to the largest remainders.

    Ties go to the earlier weight; all weights zero share nothing, which only a zero total survives.
    """
    whole = sum(weights)
    if whole == 0:
        assert total == 0, "nothing carries a weight, so nothing can carry the total"
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in order[: total - sum(shares)]:
        shares[index] += 1
    return shares
