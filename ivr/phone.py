"""Phone numbers as E.164, and callers whose number is withheld."""

from typing import NamedTuple

import phonenumbers
from phonenumbers import timezone

# What carriers send for a withheld number. These look real (the first one parses as Lesotho) and are everybody's.
# Source: Twilio's voice documentation, "anonymous callers".
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})


class Phone(NamedTuple):
    """A number in E.164 and its country in ISO 3166 ('' for those of no country)."""

    number: str
    country: str


def caller(sent: str, home: str) -> Phone | None:
    """Whose call or text this is; None when the number is withheld or cannot be rung (a name, a short code)."""
    address = sent.rpartition(":")[2].strip()
    return None if "+" + address.lstrip("+") in WITHHELD else parse(address, home)


def country_of(sent: str, home: str) -> str:
    """The country of whoever is at the other end; '' where the number is withheld, or of none."""
    found = caller(sent, home)
    return found.country if found else ""


def parse(text: str, home: str) -> Phone | None:
    """A number as people write it, national ones read as of the country `home`; None when it is none."""
    try:
        parsed = phonenumbers.parse(text[:40], home)
    except phonenumbers.NumberParseException:
        return None
    # The library looks at lengths: a national part of zeros alone is possible to it, and is nobody's.
    if not parsed.national_number or not phonenumbers.is_possible_number(parsed) or any(map(str.isalpha, text)):
        return None
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return None if number in WITHHELD else Phone(number, _country(parsed))


def _country(parsed: phonenumbers.PhoneNumber) -> str:
    """The country; of a number of no known place the main one of its code, whose emergency number is of use there."""
    main = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    region = phonenumbers.region_code_for_number(parsed) or main or ""
    return region if len(region) == 2 else ""  # satellites and the like are of "001", the world


def time_zones(number: str) -> tuple[str, ...]:
    """The IANA zones in which a phone with this number may be; empty when unknown."""
    zones = timezone.time_zones_for_number(phonenumbers.parse(number))
    return tuple(zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE)
