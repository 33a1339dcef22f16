"""What a text costs: the parts that the carrier bills, by Twilio's rules, and cheaper twins for dear characters."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from gsm0338 import Codec

# The first part and every part of several, in septets (GSM-7) or UTF-16 code units (UCS-2).
SIZES = {"GSM-7": (160, 153), "UCS-2": (70, 67)}


@dataclass(frozen=True)
class Segments:
    """How a text travels: its encoding, its parts, and the units that it fills in them."""

    encoding: Literal["GSM-7", "UCS-2"]
    count: int
    units: int


def segments(text: str) -> Segments:
    """The parts of `text`. No character, and in UCS-2 no cluster that is read as one, is split between two parts."""
    septets = _septets(text)
    if septets is not None:
        return Segments("GSM-7", _parts(septets, *SIZES["GSM-7"]), sum(septets))
    units = [len(cluster.encode("utf-16-le", "surrogatepass")) // 2 for cluster in clusters(text)]
    return Segments("UCS-2", _parts(units, *SIZES["UCS-2"]), sum(units))


def smart(text: str) -> str:
    """`text` with GSM-7 twins for what typographers and formatters put in, where that spares it UCS-2's short parts."""
    plain = text.translate(_TWINS)
    return text if _septets(plain) is None else plain


def clusters(text: str) -> Iterator[str]:
    """What is read as one character: a letter with its marks, a flag, a family of joined emoji."""
    cluster = ""
    for character in text:
        if cluster and not _joins(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _parts(sizes: list[int], single: int, several: int) -> int:
    """How many parts hold pieces of these sizes, in order, none of them split."""
    if sum(sizes) <= single:
        return 1
    count, free = 1, several
    for size in sizes:
        if size > free:
            count, free = count + 1, several
        free -= size
    return count


@cache
def _alphabet() -> dict[str, int]:
    """Septets by character; those of the extension table follow an escape."""
    found: dict[str, int] = {}
    for code in (*range(0x1B), *range(0x1C, 0x80)):
        found[Codec().decode(bytes([code]))[0]] = 1
        found.setdefault(Codec().decode(bytes([0x1B, code]), "ignore")[0], 2)
    found.pop("", None)
    return found


def _septets(text: str) -> list[int] | None:
    alphabet = _alphabet()
    try:
        return [alphabet[character] for character in text]
    except KeyError:
        return None


def _joins(cluster: str, character: str) -> bool:
    if ord(character) < 0x300 or (character.isalnum() and not _is_jamo(character)):
        return False
    if _extends(character):
        return cluster[-1] not in "\r\n"
    if cluster[-1] == "\u200d":
        return unicodedata.category(character) == "So"
    if _is_flag_half(character):
        return len(cluster) == 1 and _is_flag_half(cluster)
    return _is_jamo(character) and (_is_jamo(cluster[-1]) or "\uac00" <= cluster[-1] <= "\ud7a3")


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character)[0] == "M"
        or character in "\u200c\u200d\uff9e\uff9f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # the letters of regional flags
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_jamo(character: str) -> bool:
    return "\u1160" <= character <= "\u11ff"


_TWINS: dict[int, str] = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02b9\u02bb\u02bc\u02c8\u00b4\u0060\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u02ba\uff02", '"'),
        **dict.fromkeys("\u2039", "<"),
        **dict.fromkeys("\u203a", ">"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2022\u2023\u25aa\u25cf\u25e6\u2219", "-"),
        **dict.fromkeys("\u00a0\u202f\u205f\u3000\t", " "),
        **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
        **dict.fromkeys("\u200b\u200c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u2060\ufeff\u00ad", ""),
        "\u2026": "...",
        "\u2028": "\n",
        "\u2029": "\n",
        "\u2044": "/",
        "\u00d7": "x",
        "\uff01": "!",
        "\uff0c": ",",
        "\uff1a": ":",
        "\uff1b": ";",
        "\uff1f": "?",
    }
)
