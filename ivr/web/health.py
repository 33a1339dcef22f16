"""Is the process alive, and can it work? For those who run it, and for load balancers."""

import logging

from flask import Flask, Response, jsonify
from sqlalchemy import literal, select

from ivr import queue
from ivr.db import Statement
from ivr.outages.spool import NoSpool
from ivr.outbox import counts
from ivr.runtime import Runtime
from ivr.transactions import in_transaction

log = logging.getLogger(__name__)

_ALIVE = Statement(select(literal(1)))


def register(app: Flask, runtime: Runtime) -> None:
    """Adds /healthz and /readyz, which tell nothing about anybody and so ask for no proof."""

    @app.get("/healthz")
    def alive() -> Response:
        return jsonify(alive=True)

    @app.get("/readyz")
    def ready() -> tuple[Response, int]:
        parts = {
            "database": _database(runtime),
            "redis": queue.answers(runtime.config.redis_url),
            "spool": _spool(runtime),
        }
        kept = {"texts_kept": runtime.spool.count()} if parts["spool"] else {}
        ages = _ages(runtime) if parts["database"] else {}
        return jsonify(parts | kept | ages), 200 if all(parts.values()) else 503


def _ages(runtime: Runtime) -> dict[str, float | None]:
    """In seconds: since the clock ticked, and how long the oldest row that is due has waited; null: never, nothing."""
    now = runtime.now()
    moments = in_transaction(
        runtime, lambda tx: {"last_tick": counts.marked(tx, "tick"), "oldest_due": counts.oldest_due(tx, now)}
    )
    return {name: None if at is None else (now - at) / 1000 for name, at in moments.items()}


def _database(runtime: Runtime) -> bool:
    try:
        return in_transaction(runtime, lambda tx: tx.one(_ALIVE)) is not None
    except Exception:  # whatever it is, the answer is no, and the log says why
        log.exception("the database does not answer")
        return False


def _spool(runtime: Runtime) -> bool:
    """Whether a text could be kept now."""
    try:
        runtime.spool.prepare()
    except NoSpool as error:
        log.error("%s", error)
        return False
    return True
