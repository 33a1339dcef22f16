"""What workers do. A job may run any number of times; it finds its work in the database."""

from ivr import positions
from workers.runtime import runtime


def sweep() -> int:
    """Forgets where conversations stood that nobody can go on with any more; how many."""
    with runtime().database.transaction() as tx:
        return positions.expire(tx, runtime().now())
