"""How openly the line may reach a person: others may use or read the phone too. Nobody asked is treated as covert.

covert      every text that goes out is neutral, and so is a call until a key
reply_only  nothing goes out by itself, neither text nor call; only what was asked for at that moment
open        nobody else uses the phone: warmer words may be used where a flow has them
"""

from sqlalchemy import bindparam, select, update

from ivr.db import Statement, Transaction
from ivr.models import Contact

COVERT, REPLY_ONLY, OPEN = LEVELS = "covert", "reply_only", "open"

_LEVEL = Statement(select(Contact.openness).where(Contact.id == bindparam("row")))
_CHOOSE = Statement(update(Contact).where(Contact.id == bindparam("row")).values(openness=bindparam("new_level")))


def level(tx: Transaction, contact: str | None) -> str | None:
    """What this person chose; None when they were never asked."""
    row = tx.one(_LEVEL, row=contact) if contact else None
    return row[0] if row else None


def choose(tx: Transaction, contact: str, level: str) -> None:
    """From now on they are reached so. Raises ValueError for what is no level."""
    if level not in LEVELS:
        raise ValueError(f"{level!r} is no level")
    tx.run(_CHOOSE, row=contact, new_level=level)
