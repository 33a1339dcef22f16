"""By which somebody of the desk chooses a password and sets up their authenticator: a word that holds once, a week."""

import secrets

from sqlalchemy import bindparam, select, update

from ivr.db import Statement, Transaction
from ivr.models import Counselor
from ivr.team import audit, passwords
from ivr.team.counselors import COLUMNS, Member, Refused
from ivr.team.signins import TOTP, stored_as
from ivr.vault import Vault

HOLDS = 604_800_000  # ms

_of = update(Counselor).where(Counselor.id == bindparam("row"), Counselor.ended_at.is_(None))
_INVITE = Statement(_of.values(invite=bindparam("hash"), invited_at=bindparam("now")))
_FIND = Statement(
    select(*COLUMNS).where(
        Counselor.invite == bindparam("hash"), Counselor.invited_at > bindparam("since"), Counselor.ended_at.is_(None)
    )
)
_ACCEPT = Statement(
    _of.where(Counselor.invite == bindparam("hash")).values(
        invite=None,
        password=bindparam("new_password"),
        totp=bindparam("new_totp"),
        totp_used=bindparam("step"),
        epoch=Counselor.epoch + 1,
    )
)


def invite(tx: Transaction, id: str, by: str, now: int) -> str:
    """The word to give them, in whatever safe way; an older one holds no more."""
    token = secrets.token_urlsafe(24)
    tx.run(_INVITE, row=id, hash=stored_as(token), now=now)
    audit.note(tx, id, by, "invited", "", now)
    return token


def find(tx: Transaction, token: str, now: int) -> Member | None:
    """Who is invited by this word; None when it was used, is too old, or never was."""
    row = tx.one(_FIND, hash=stored_as(token), since=now - HOLDS)
    return Member(*row) if row else None


def accept(tx: Transaction, vault: Vault, token: str, hashed: str, secret: str, code: str, now: int) -> Member:
    """They have a password (its hash) and an authenticator, and nobody is signed in as them any more.

    Raises Refused: `gone` for a word that does not hold, `code` for a wrong code.
    """
    who = find(tx, token, now)
    step = passwords.step(secret, code, now)
    if who is None or step is None:
        raise Refused("gone" if who is None else "code")
    sealed = vault.seal(TOTP, who.id, secret.encode())
    if not tx.run(_ACCEPT, row=who.id, hash=stored_as(token), new_password=hashed, new_totp=sealed, step=step):
        raise Refused("gone")
    audit.note(tx, who.id, who.id, "password set", "", now)
    return who
