"""Why something was done, as the book keeps it, made ready to be said in the reader's language."""

import re
from collections.abc import Mapping
from typing import NamedTuple

_AMOUNT = re.compile(r"\d+(?= )")


class Reason(NamedTuple):
    """A reason with places for what differs, `tried {count} times`, and what stands in them."""

    said: str
    values: dict[str, str]


def reason(why: str, names: Mapping[str, str]) -> Reason:
    """`names` are short names by id. A span of time, which holds several numbers, stays as it is."""
    words = why.split(" ")
    whose = next((names[word] for word in words if word in names), "")
    said = " ".join("{name}" if word in names else word for word in words)
    amounts = _AMOUNT.findall(said)
    if len(amounts) != 1:
        return Reason(said, {"name": whose})
    return Reason(_AMOUNT.sub("{count}", said), {"name": whose, "count": amounts[0]})
