"""Of many things each by itself: what cannot be done is a line in the log, and holds up nothing beside it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


@contextmanager
def apart(what: str) -> Iterator[None]:
    """Ends here whatever goes wrong in the block. A transaction belongs inside, that it may be rolled back."""
    try:
        yield
    except Exception:  # the one place for what is done beside others
        log.exception("this could not be done: %s", what)
