"""Reading what people write: one plain form for every script and keyboard, and whole words found in it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_APOSTROPHES = "'’‘‛ʼʻ`´′＇"
# Letters that carry their mark inside and do not decompose, as people type them on a plain keyboard.
_PLAIN = {"ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ى": "ي", "ة": "ه"}
_SIGNS = {"👍": " yes ", "👎": " no "}  # an answer wherever it is sent, as they are read in every language
_DROPPED = {"Cc", "Cf", "Me"}
_KEPT = {"L", "N"}
_CLAUSE = re.compile(r"""[.,;:!?…/()\[\]"“”«»¡¿—–、。،؛؟।፣።\n\r]""")
_LONE_KEY = {"l": "1", "i": "1", "|": "1", "o": "0"}
_NUMBERED = re.compile(r"\W*(\d)\s*(?:[.):,;=\n-](?!\W*\d)|$)")
SHORT = 2  # letters: "no" is also the "not" of Spanish, so "no puedo más" must not answer "no"
SLIPPERY = 5  # letters from which on one typing slip is forgiven
FEW = 4  # words: a slip is forgiven in a reply, not in a story


class _Fold(dict[int, str]):
    """One character's plain form, found once. Each is folded alone: Unicode's sorting of marks would be quadratic."""

    def __missing__(self, point: int) -> str:
        folded = _fold(chr(point))
        if point < 0x10000:
            self[point] = folded
        return folded


def normalise(text: str) -> str:
    """Small letters and ASCII digits with single spaces: no accents, punctuation, emoji or invisible characters."""
    return " ".join(text.translate(_FOLD).split())


def tokens(text: str) -> list[str]:
    """The words of a text in their plain form."""
    return text.translate(_FOLD).split()


def as_key(text: str) -> str:
    """The one key that a text stands for, however it is typed ('1.', '#1', 'l', 'O', '１', a keycap), else ''."""
    plain = text.strip().casefold()
    plain = _LONE_KEY.get(plain, plain)
    if plain in ("*", "#"):
        return plain
    plain = normalise(plain)
    return plain if len(plain) == 1 and plain.isdecimal() else ""


def numbered(text: str) -> str:
    """The digit that a text begins with as its own item ('1. because …', '2) …'), else ''."""
    found = _NUMBERED.match(unicodedata.normalize("NFKC", text[:80]))
    return str(int(found[1])) if found else ""


class Matcher(NamedTuple):
    """Many phrases, ready to be found in a text as whole words."""

    starts: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]  # first word -> (words, the phrase as given)
    words: frozenset[str]


def matcher(phrases: Iterable[str]) -> Matcher:
    """A matcher of these phrases; those without a letter or digit are left out."""
    starts: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
    for phrase in phrases:
        if parts := tuple(tokens(phrase)):
            starts[parts[0]] = (*starts.get(parts[0], ()), (parts, phrase))
    every = frozenset(word for found in starts.values() for parts, _ in found for word in parts)
    return Matcher(starts, every)


def find(phrases: Matcher, text: str) -> set[str]:
    """The phrases, as they were given, that stand in the text as whole words, in time linear to the text's length."""
    return _find(phrases, tokens(text))


def find_answers(phrases: Matcher, text: str) -> set[str]:
    """Like `find`, but a phrase of one or two letters counts only where it is all that its clause says."""
    found: set[str] = set()
    for clause in clauses(text):
        parts = tokens(clause)
        found |= {hit for hit in _find(phrases, parts) if len(normalise(hit)) > SHORT or set(parts) == {normalise(hit)}}
    return found


def clauses(text: str) -> list[str]:
    """What stands between the signs of punctuation."""
    return _CLAUSE.split(text)


def find_slips(phrases: Matcher, text: str) -> set[str]:
    """The phrases of five letters and more that a short text means but for one slip of the finger."""
    parts = tokens(text) if len(text) < 200 else []
    if not 0 < len(parts) <= FEW:
        return set()
    every = [(words, phrase) for found in phrases.starts.values() for words, phrase in found]
    return {phrase for words, phrase in every if _slipped(parts, words, phrases.words)}


def _find(phrases: Matcher, parts: list[str]) -> set[str]:
    return {phrase for _, phrase in found_at(phrases, parts)}


def found_at(phrases: Matcher, parts: list[str]) -> Iterator[tuple[int, str]]:
    """The phrases that stand among these words, each with the place of its first one."""
    for at, word in enumerate(parts):
        for words, phrase in phrases.starts.get(word, ()):
            if len(words) == 1 or tuple(parts[at : at + len(words)]) == words:
                yield at, phrase


def _slipped(parts: list[str], words: tuple[str, ...], known: frozenset[str]) -> bool:
    if any(part in known and part not in words for part in parts):
        return False  # an exact word of something else is no slip
    if near(" ".join(parts), " ".join(words)):
        return True
    return len(words) == 1 and any(near(part, words[0]) for part in parts)


def near(typed: str, meant: str) -> bool:
    """One letter wrong, missing, too many, or two swapped; the first letter holds, for it often makes another word."""
    if len(meant) < SLIPPERY or abs(len(typed) - len(meant)) > 1 or typed[0] != meant[0]:
        return False
    same = next((at for at, pair in enumerate(zip(typed, meant, strict=False)) if pair[0] != pair[1]), len(typed))
    a, b = typed[same:], meant[same:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _fold(character: str) -> str:
    while (folded := unicodedata.normalize("NFKD", character).casefold()) != character:
        character = folded
    return "".join(map(_plain, character))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if sign := _PLAIN.get(character) or _SIGNS.get(character):
        return sign
    if character.isspace():
        return " "
    if category in _DROPPED or character in _APOSTROPHES or character == "ـ":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] == "M":
        return character if _belongs(character) else ""
    return character if category[0] in _KEPT else " "


def _belongs(mark: str) -> bool:
    """Is this mark a vowel or a part of its letter (as in Indic scripts) rather than an accent?"""
    order = unicodedata.combining(mark)
    selector = "VARIATION SELECTOR" in unicodedata.name(mark, "") or mark == "\u034f"
    return not selector and (order in (7, 8, 9) or 84 <= order <= 132 or order == 0)


_FOLD = _Fold()
