"""Whom each round of an alert reaches. The ladder is that of crisis lines that publish theirs: one person at once,
again after five minutes, a second one after ten, a supervisor after fifteen.
"""

from sqlalchemy import bindparam, select

from ivr.config import Config, OnDuty
from ivr.db import Statement, Transaction
from ivr.models import Callback
from ivr.team import counselors, duty
from ivr.vault import Vault

SECOND, SUPERVISOR = 2, 3  # rounds from which they are told too

_HOLDER = Statement(
    select(Callback.counselor_id).where(Callback.closed_at.is_(None), Callback.ref == bindparam("ref_"))
)


def told(tx: Transaction, vault: Vault, config: Config, code: str, rounds: int, now: int) -> list[OnDuty]:
    """Who is told in this round, counted from none, of the request with this short number: a counselor who has it
    already, before all others on duty. Where nobody is on duty, a supervisor at once.
    """
    holder, there = _holder(tx, vault, code), duty.on_duty(tx, vault, config, now)
    there = tuple(dict.fromkeys((*holder, *there)))
    called = list(there[: 1 if rounds < SECOND else 2 if rounds < SUPERVISOR else None])
    if rounds >= SUPERVISOR or not there:
        called += duty.supervisors(tx, vault, config)
    return called


def _holder(tx: Transaction, vault: Vault, code: str) -> tuple[OnDuty, ...]:
    row = tx.one(_HOLDER, ref_=int(code)) if code.isdecimal() else None
    member = counselors.find(tx, row[0]) if row and row[0] else None
    return (duty.phone(vault, member),) if member and member.phone else ()
