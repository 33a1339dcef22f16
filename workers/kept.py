"""Texts that were kept on disk while the database was away are taken up and answered, each once."""

import logging

from ivr.outages.spool import Kept
from ivr.runtime import Runtime
from ivr.web import late
from workers import catching_up

log = logging.getLogger(__name__)

LATER = 60_000  # ms until one that cannot be answered is tried again
LOST = 86_400_000  # ms after which that is given up


def answer_kept(house: Runtime) -> int:
    """In the order in which they came, as long as the database is there; how many."""
    count = 0
    for kept in house.spool.due(house.now()):
        try:
            catching_up.take_up(house, late.restored(kept.content), surely=True)
        except house.database.conflicts as error:
            log.warning("kept texts still wait for the database: %s", type(error).__name__)
            break
        except Exception:  # the one place for kept texts: one that cannot be answered holds up no other
            log.exception("a text that was kept cannot be answered")
            _put_off(house, kept)
        else:
            house.spool.remove(kept.file)
            count += 1
    return count


def _put_off(house: Runtime, kept: Kept) -> None:
    if house.now() - kept.came_at > LOST:
        house.spool.remove(kept.file)
    else:
        house.spool.put_off(kept.file, house.now() + LATER)
