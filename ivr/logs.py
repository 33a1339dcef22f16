"""How processes log: a JSON object a line, in which numbers are masked and no exception quotes what a person said.

An exception's own text is shown only where we wrote it, or where its kind cannot hold what somebody sent: `KeyError`
quotes its key, and PostgreSQL the value that it could not store. Its type and the places in the code are always shown.
"""

import json
import logging
import os
import re
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from logging.config import dictConfig
from types import TracebackType
from typing import Any

# Ids, ours and the carrier's, are kept: without them nothing could be looked up. Digits of a phone number may be set
# apart, in any script. Seven are the shortest number that is anybody's; a longer run of anything is masked as well.
_ID = r"(?<![0-9A-Za-z])(?:[A-Z]{2})?[0-9a-f]{32}(?![0-9A-Za-z])"
_NUMBERS = re.compile(rf"({_ID})|[+＋]?\d(?:(?:[\s().\-–/+]|%20){{0,3}}\d){{6,}}")
_OURS = ("ivr", "workers", "simulator", "bench", "faults")
# What these say is about connections, locks and files. SQLite names columns in its errors, and never a value.
_HARMLESS = ("redis", "sqlite3", "alembic")
_WITHHELD = "(its text is withheld: it may quote a person)"


def mask(text: str) -> str:
    """The text without numbers: each run of seven digits or more is stars and its last two."""
    return _NUMBERS.sub(lambda found: found[1] or f"***{found[0][-2:]}", text)


def told(error: BaseException) -> str:
    """An exception's type and, if that is harmless, its text."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return mask(f"{name}: {_text(error)}")


def _text(error: BaseException) -> str:
    if state := getattr(error, "sqlstate", None):  # PostgreSQL; its message may quote values
        return f"SQLSTATE {state}"
    room = type(error).__module__.partition(".")[0]
    if room in (*_OURS, *_HARMLESS) or isinstance(error, OSError) or _is_of_a_connection(error):
        return str(error)
    return _WITHHELD


def _is_of_a_connection(error: BaseException) -> bool:
    """PostgreSQL's refusal to let us in, which has no state."""
    return type(error).__module__.startswith("psycopg") and type(error).__name__ == "OperationalError"


class Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Escaped: nobody can write a line of their own into the log."""
        line = {
            "at": _moment(record.created),
            "level": record.levelname.lower(),
            "from": record.name,
            "process": record.process,
            "says": mask(_message(record)),
        }
        error = record.exc_info[1] if record.exc_info else None
        return json.dumps(line | {"error": list(_trace(error))} if error else line)


def _message(record: logging.LogRecord) -> str:
    """Exceptions among its arguments are told as all others are.

    Of other people's loggers only the first line: what follows quotes exceptions.
    """
    if isinstance(record.args, tuple):
        args = tuple(told(each) if isinstance(each, BaseException) else each for each in record.args)
        record = logging.makeLogRecord(record.__dict__ | {"args": args})
    message = told(record.msg) if isinstance(record.msg, BaseException) else record.getMessage()
    return message if record.name.partition(".")[0] in _OURS else message.partition("\n")[0]


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds % 1 * 1000):03}Z"


def _trace(error: BaseException) -> Iterator[str]:
    """The exception and those that led to it, the last one first, each with its way through the code."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each and id(each) not in seen:
        seen.add(id(each))
        yield told(each)
        yield from (
            f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(each.__traceback__)
        )
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


# The carrier's own library and that of HTTP write whole requests, with numbers and words, from INFO or DEBUG on; RQ
# eight lines for each job that went well.
_QUIET = (
    *("alembic.runtime.plugins", "twilio.http_client", "urllib3", "asyncio", "sqlalchemy.engine", "werkzeug"),
    "rq.worker",
)

SETTINGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": Lines}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
    "root": {"level": "INFO", "handlers": ["lines"]},
    "loggers": {
        **{name: {"level": "WARNING"} for name in _QUIET},
        # gunicorn's own would each bring a handler, and a format, of its own.
        **{
            name: {"level": "INFO", "handlers": [], "propagate": True} for name in ("gunicorn.error", "gunicorn.access")
        },
    },
}


def configure() -> None:
    """For this process, from now on: also for warnings, and for what nobody catches."""
    dictConfig(SETTINGS)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda end: _uncaught(end.exc_type, end.exc_value or end.exc_type(), end.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("ivr").critical("process %s: nobody caught this", os.getpid(), exc_info=(kind, error, trace))
