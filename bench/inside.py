"""The program under valgrind: it answers so many webhooks, and nothing else that it does depends on how many.

`python -m bench.inside line 150`: the line's settings stand in the environment, its database has been prepared.
"""

import logging
import os
import sys
import time

from bench import line
from bench.webhooks import as_environ

CALLS = 150  # for the first half of the webhooks one turn of each, for the second half the next turn
MOST = 2 * CALLS


def main(whose: str, count: str) -> None:
    """Answers the first `count` webhooks."""
    clock = line.Clock(time.time_ns() // 1_000_000)
    app = line.opened(dict(os.environ), clock)[1] if whose == "line" else _bare()
    webhooks = [as_environ(line.pressed(index % CALLS, line.FIRST + index // CALLS)) for index in range(MOST)]
    for environ in webhooks[: int(count)]:
        clock.moment += line.HURRIED
        line.answered(app, environ)


def _bare() -> line.WSGI:
    from bench.peers import bare

    return bare.app.wsgi_app


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # that nobody has rung the hotlines yet is no news here
    main(*sys.argv[1:])
