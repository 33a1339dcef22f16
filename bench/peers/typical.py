"""The same turn as most tutorials would have it: Flask, the twilio library, Redis for the call, SQLite for the record.

It knows one menu in one language, hides nothing and replays nothing; its commits are as durable as ours.
"""

import json
import os
import sqlite3
import threading
import time

from flask import Flask, Response, abort, request
from redis import Redis
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

PUBLIC = os.environ["PUBLIC_BASE_URL"]
CHOICES = ("How are you today", "An exercise that calms", "Ask for a call", "Settings and languages")
HOUR = 3600

app = Flask(__name__)
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
calls = Redis.from_url(os.environ["REDIS_URL"])
connections = threading.local()


@app.post("/twilio/voice/en/<int:turn>")
def key_pressed(turn: int) -> Response:
    """Checks who asks, moves the call on, notes the key, says the menu."""
    form = request.form
    if not validator.validate(PUBLIC + request.path, form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)
    sid, digits = form["CallSid"], form.get("Digits", "")
    state = json.loads(calls.get(f"call:{sid}") or '{"answers": []}')
    state["answers"].append(digits)
    calls.set(f"call:{sid}", json.dumps(state), ex=HOUR)
    _note(sid, digits)
    return Response(_menu(turn), content_type="text/xml; charset=utf-8")


def _note(sid: str, digits: str) -> None:
    with _database() as database:
        database.execute("INSERT INTO keys (sid, digits, at) VALUES (?, ?, ?)", (sid, digits, time.time()))


def _menu(turn: int) -> str:
    response = VoiceResponse()
    gather = Gather(input="dtmf", num_digits=1, timeout=8, action=f"{PUBLIC}/twilio/voice/en/{turn + 1}", method="POST")
    for key, choice in enumerate(CHOICES, 1):
        gather.say(f"For {choice}, press {key}.", voice="Polly.Joanna-Neural", language="en-US")
    response.append(gather)
    response.redirect(f"{PUBLIC}/twilio/voice/en/{turn + 1}", method="POST")
    return str(response)


def _database() -> sqlite3.Connection:
    found: sqlite3.Connection | None = getattr(connections, "own", None)
    if found is None:
        found = connections.own = sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///"), timeout=5)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            found.execute(f"PRAGMA {pragma}")
        found.execute("CREATE TABLE IF NOT EXISTS keys (sid TEXT, digits TEXT, at REAL)")
    return found
