"""Recordings: list, fetch, hear, delete."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, jsonify

from simulator.dates import rfc2822
from simulator.recordings import Recording
from simulator.rest.guard import network, not_found
from simulator.rest.pages import page
from simulator.sounds import tone


def register(api: Blueprint) -> None:
    """Adds the routes; the sound itself is a tone of the recording's length."""
    part = Blueprint("recordings", __name__)
    part.get("/Recordings.json")(listed)
    part.get("/Calls/<call>/Recordings.json")(of_call)
    part.get("/Recordings/<sid>.json")(fetched)
    part.delete("/Recordings/<sid>.json")(deleted)
    part.get("/Recordings/<sid>")(heard)
    part.get("/Recordings/<sid>.wav")(heard)
    api.register_blueprint(part)


def listed() -> Response:
    """All recordings, newest first."""
    return page("recordings", list(network().recordings.kept.values())[::-1], shown)


def of_call(call: str) -> Response:
    """The recordings of one call."""
    found = [recording for recording in network().recordings.kept.values() if recording.call_sid == call]
    return page("recordings", found[::-1], shown)


def fetched(sid: str) -> Response:
    """One recording's description."""
    return jsonify(shown(_recording(sid)))


def deleted(sid: str) -> tuple[str, int]:
    """Forgets it."""
    del network().recordings.kept[_recording(sid).sid]
    return "", 204


def heard(sid: str) -> Response:
    """Its sound."""
    said = {"X-Transcript": quote("(your own words)")}
    return Response(tone(_recording(sid).seconds), mimetype="audio/wav", headers=said)


def shown(recording: Recording) -> dict[str, Any]:
    """The resource as Twilio writes it."""
    account = network().settings.account_sid
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "call_sid": recording.call_sid,
        "channels": 1,
        "conference_sid": None,
        "date_created": rfc2822(recording.created),
        "date_updated": rfc2822(recording.created),
        "duration": str(max(1, round(recording.seconds))),
        "encryption_details": None,
        "error_code": None,
        "media_url": network().recordings.url(recording),
        "price": None,
        "price_unit": "USD",
        "sid": recording.sid,
        "source": "RecordVerb",
        "start_time": rfc2822(recording.created),
        "status": "completed",
        "subresource_uris": {},
        "uri": f"/2010-04-01/Accounts/{account}/Recordings/{recording.sid}.json",
    }


def _recording(sid: str) -> Recording:
    recording = network().recordings.kept.get(sid)
    if recording is None:
        raise not_found()
    return recording
