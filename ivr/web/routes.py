"""The addresses of the webhooks. Each hands bytes to a door and bytes back; nothing else happens here."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, request

from ivr.runtime import Runtime
from ivr.web import bridge, called, sms, status, voice
from ivr.web.webhooks import TWIML, Forged, Webhook


def register(app: Flask, runtime: Runtime) -> None:
    """Adds the carrier's webhooks to the app."""
    webhooks = Blueprint("webhooks", __name__, url_prefix="/twilio")

    @webhooks.post("/voice")
    def call_comes_in() -> Response:
        return _twiml(lambda webhook: voice.answer(runtime, webhook))

    @webhooks.post("/voice/<language>/<int:turn>")
    def call_goes_on(language: str, turn: int) -> Response:
        return _twiml(lambda webhook: voice.answer(runtime, webhook, language, turn))

    @webhooks.post("/voice/out/<language>/<row>")
    def call_is_taken(language: str, row: str) -> Response:
        return _twiml(lambda webhook: voice.answer(runtime, webhook, language, outgoing=row))

    @webhooks.post("/voice/bridge/<row>")
    def counselor_picks_up(row: str) -> Response:
        return _twiml(lambda webhook: bridge.answer(runtime, webhook, row))

    @webhooks.post("/voice/call/<language>/<call>")
    def person_picks_up(language: str, call: str) -> Response:
        return _twiml(lambda webhook: called.answer(runtime, webhook, language, call))

    @webhooks.post("/sms")
    def text_comes_in() -> Response:
        return _twiml(lambda webhook: sms.answer(runtime, webhook))

    @webhooks.post("/status")
    def status_changed() -> Response:
        return _twiml(lambda webhook: status.answer(runtime, webhook))

    @webhooks.errorhandler(Forged)
    def forged(error: Forged) -> Response:
        return Response(str(error), 403, content_type="text/plain; charset=utf-8")

    app.register_blueprint(webhooks)


def _twiml(door: Callable[[Webhook], bytes]) -> Response:
    environ = request.environ
    webhook = Webhook(
        request.path,
        environ.get("QUERY_STRING", ""),
        request.get_data(cache=False),
        environ.get("HTTP_X_TWILIO_SIGNATURE", ""),
        environ.get("HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS", ""),
    )
    return Response(door(webhook), content_type=TWIML)
