"""What must make a fault run fail: the outbox without one of the things that keep it right."""

import re
from types import ModuleType

from sqlalchemy import bindparam, update

from ivr.db import Statement, Transaction
from ivr.models import Outgoing
from ivr.outbox import claims, doubts, outcomes
from ivr.outbox.claims import in_state
from ivr.outbox.doubts import Doubt

_FENCE = re.compile(r" AND outbox\.attempt = (:held_attempt|%\(held_attempt\)s(::\w+)?)")


def no_fence() -> None:
    """Whoever was late may write all the same."""
    torn = sum(_tear(module) for module in (claims, outcomes, doubts))
    assert torn, "no statement names `attempt` in the way that is torn out here"


def _tear(module: ModuleType) -> int:
    """How many statements had a fence."""
    torn = 0
    for statement in [each for each in vars(module).values() if isinstance(each, Statement)]:
        without = {name: _FENCE.sub("", sql) for name, sql in statement.sql.items()}
        torn += without != statement.sql
        statement.sql = without
    return torn


def short_lease() -> None:
    """A row is looked for while its request may still be under way."""
    for module in (claims, doubts):
        vars(module)["SUBMIT_LEASE"] = 4_000


def blind_replay() -> None:
    """Rows in doubt are sent again, without a look into the carrier's lists."""
    replay = Statement(
        update(Outgoing)
        .where(in_state("submitting"), Outgoing.leased_until < bindparam("now"))
        .values(state="pending", claim=None, leased_until=None)
    )

    def take(tx: Transaction, now: int) -> list[Doubt]:
        tx.run(replay, now=now)
        return []

    doubts.take = take


MUTATIONS = {each.__name__: each for each in (no_fence, short_lease, blind_replay)}
