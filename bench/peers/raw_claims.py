"""The same claim with nothing around it: one statement behind a bare WSGI function, for `bench.desk`."""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

CLAIM = (
    "UPDATE callbacks SET counselor_id = NULL, state = 'claimed', leased_until = 1"
    " WHERE id = (SELECT id FROM callbacks WHERE closed_at IS NULL AND leased_until IS NULL"
    " ORDER BY lane, place_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING ref"
)
_own = threading.local()


def plain(url: str) -> str:
    """The address as the driver knows it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Takes the next one; where to, as our page answers it."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if not hasattr(_own, "connection"):
        _own.connection = psycopg.connect(plain(os.environ["DATABASE_URL"]), autocommit=True)
    row = _own.connection.execute(CLAIM).fetchone() if environ["REQUEST_METHOD"] == "POST" else None
    to = f"/console/requests/{row[0]}" if row else "/console/"
    start("303 SEE OTHER", [("Location", to), ("Content-Length", "0")])
    return [b""]
