"""What people agreed to or refused, purpose by purpose, in which words: append-only, and the newest answer holds."""

from typing import Any

from sqlalchemy import Select, bindparam, insert, select

from ivr.contacts import Party, hold_number
from ivr.db import Statement, Transaction
from ivr.models import Consent, new_id

# The purposes: answers are kept; reminders; somebody looks after silence; a machine may be left a few neutral words;
# they may be counted in figures that leave the house.
KEEP, REMIND, WATCH, VOICEMAIL, STATISTICS = "keep", "reminders", "watch", "voicemail", "statistics"


def newest_consent(contact: Any, purpose: Any) -> Select[bool, int]:
    """What was said last about a purpose, and when. Of a bound contact, or of each row of a statement around it."""
    return (
        select(Consent.given, Consent.created_at)
        .where(Consent.contact_id == contact, Consent.purpose == purpose)
        .order_by(Consent.created_at.desc(), Consent.id)
        .limit(1)
    )


_AGREE = Statement(insert(Consent))
_HEARD = Statement(
    newest_consent(bindparam("contact"), bindparam("purpose_")).with_only_columns(
        Consent.words, maintain_column_froms=True
    )
)
_AGREED = Statement(newest_consent(bindparam("contact"), bindparam("purpose_")))


def agree(tx: Transaction, party: Party, purpose: str, given: bool, words: str, now: int) -> None:
    """Notes what was agreed or refused, and the hash of the words that were heard.

    It counts as later than what was said before, also within the same millisecond or when the clock was set back.
    What is withdrawn holds the number as STOP does: nothing is submitted any more after this is committed.
    """
    if party.contact_id:
        if not given:
            hold_number(tx, party.number_id)
        before = tx.one(_AGREED, contact=party.contact_id, purpose_=purpose)
        tx.run(
            _AGREE,
            id=new_id(),
            contact_id=party.contact_id,
            purpose=purpose,
            given=given,
            language=party.language,
            channel=party.channel,
            words=words,
            created_at=max(now, before[1] + 1) if before else now,
        )


def agreed(tx: Transaction, party: Party, purpose: str) -> bool | None:
    """What this person said last about a purpose; None when never asked, or withheld."""
    row = tx.one(_AGREED, contact=party.contact_id, purpose_=purpose) if party.contact_id else None
    return bool(row[0]) if row else None


def words_heard(tx: Transaction, party: Party, purpose: str) -> str | None:
    """The hash of the words to which that was the answer; None when never asked, or withheld."""
    row = tx.one(_HEARD, contact=party.contact_id, purpose_=purpose) if party.contact_id else None
    return str(row[0]) if row else None
