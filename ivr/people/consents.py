"""What people agreed to or refused, purpose by purpose, in which words: append-only, and the newest answer holds."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, insert, select

from ivr.db import Statement, Transaction
from ivr.models import Consent, new_id
from ivr.people.contacts import Party, hold_number

# The purposes: answers are kept; reminders; somebody looks after silence; a machine may be left a few neutral words;
# they may be counted in figures that leave the house.
KEEP, REMIND, WATCH, VOICEMAIL, STATISTICS = "keep", "reminders", "watch", "voicemail", "statistics"
# What is said to a machine or leaves the house was agreed to in these very words, or was not agreed to. All else holds
# until it is asked anew: a net that was promised is not taken away because somebody mended a comma.
TO_THE_WORD = frozenset({VOICEMAIL, STATISTICS})
# In this order what was asked in other words is asked anew at the door. A reminder is not: its person set it, day and
# hour. Nor is being counted, which helps them with nothing: they find it where they found it before.
ASKED_ANEW = (KEEP, WATCH, VOICEMAIL)


class Answer(NamedTuple):
    """What was said to a purpose: a yes or a no, and the hash of the words to which it was said."""

    given: bool
    words: str


Words = Collection[str]  # the hashes of all questions as they are put now, in every language


def newest_consent(contact: Any, purpose: Any) -> Select[bool, int]:
    """What was said last about a purpose, and when. Of a bound contact, or of each row of a statement around it."""
    return (
        select(Consent.given, Consent.created_at)
        .where(Consent.contact_id == contact, Consent.purpose == purpose)
        .order_by(Consent.created_at.desc(), Consent.id)
        .limit(1)
    )


def words_of_yes(contact: Any, purpose: Any) -> ColumnElement[str | None]:
    """The hash of the words that were agreed to, if the newest answer is a yes: for rows of a statement around it."""
    yes = case((Consent.given, Consent.words))
    return newest_consent(contact, purpose).with_only_columns(yes).scalar_subquery()


_AGREE = Statement(insert(Consent))
_AGREED = Statement(newest_consent(bindparam("contact"), bindparam("purpose_")))
_ANSWER = Statement(
    newest_consent(bindparam("contact"), bindparam("purpose_")).with_only_columns(Consent.given, Consent.words)
)
_ALL = Statement(
    select(Consent.purpose, Consent.given, Consent.words)
    .where(Consent.contact_id == bindparam("contact"))
    .order_by(Consent.created_at, Consent.id.desc())
)


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


def agreed(tx: Transaction, party: Party, purpose: str, asked: Words) -> bool | None:
    """What this person said last about a purpose; None when never asked, withheld, or asked in words that are gone."""
    row = tx.one(_ANSWER, contact=party.contact_id, purpose_=purpose) if party.contact_id else None
    if row is None:
        return None
    return bool(row[0]) and (holds(purpose, str(row[1]), asked) or None)


def holds(purpose: str, words: str | None, asked: Words) -> bool:
    """Whether a yes to these words (None: no yes) still lets that be done, while those of `asked` are put."""
    return words is not None and (purpose not in TO_THE_WORD or words in asked)


def outdated(tx: Transaction, party: Party, asked: Words) -> str | None:
    """The first purpose that is to be asked anew, for it was answered to other words. A no to what is not asked of
    everybody is a no, in whatever words.
    """
    if party.contact_id is None:
        return None
    newest = {str(row[0]): Answer(bool(row[1]), str(row[2])) for row in tx.all(_ALL, contact=party.contact_id)}
    old = {purpose for purpose, said in newest.items() if said.words not in asked and (said.given or purpose == KEEP)}
    return next((purpose for purpose in ASKED_ANEW if purpose in old), None)
