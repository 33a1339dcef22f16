"""The floor: a Flask route that returns a constant."""

from flask import Flask, Response

REPLY = (
    '<?xml version="1.0" encoding="UTF-8"?><Response><Gather numDigits="1" timeout="8"><Say>Which one would you like?'
    "</Say></Gather></Response>"
)

app = Flask(__name__)


@app.post("/twilio/voice/en/<int:turn>")
def constant(turn: int) -> Response:  # noqa: ARG001 - a constant
    """The same for everybody."""
    return Response(REPLY, content_type="text/xml; charset=utf-8")
