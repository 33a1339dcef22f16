"""Since when somebody is known: since they first came. A PIN leaves a place beside it, to which nobody has come yet.
Who comes there first is met as a stranger, and must not hear that the place is older.
"""

from sqlalchemy import bindparam, literal_column, update

from ivr.db import Statement, Transaction
from ivr.models import Contact

NOT_YET = 0

_CAME = Statement(
    update(Contact)
    .where(Contact.id == bindparam("row"), Contact.created_at == literal_column(str(NOT_YET)))
    .values(created_at=bindparam("now"))
)


def came(tx: Transaction, contact: str | None, now: int) -> None:
    """They have begun a call or a thread by themselves."""
    if contact:
        tx.run(_CAME, row=contact, now=now)
