"""The pretend carrier's settings; and the tiny service that the simulator's tests ring."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import pytest
from twilio.request_validator import RequestValidator

from simulator.carrier import Carrier
from simulator.settings import Missing, Settings
from simulator.wires import Fetched, Form, Wire

LINE = "+254700000100"
PHONE = "+254711000001"
SETTINGS = Settings("AC" + "1" * 32, "a-token", (LINE,), "http://service/voice", "http://service/sms")


class Service:
    """Answers each path with TwiML, or with what a function of the form gives; keeps what it was asked."""

    def __init__(self, **answers: str | Callable[[Mapping[str, str]], str]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.files: dict[str, Fetched] = {}
        self.status = 200
        self.content_type = "text/xml; charset=utf-8"
        self.signed: list[bool] = []

    def post(self, url: str, form: Form, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
        path, fields = urlsplit(url).path.strip("/"), dict(form)
        self.asked.append((path, fields))
        validator = RequestValidator(SETTINGS.auth_token)
        self.signed.append(bool(validator.validate(url, fields, headers["X-Twilio-Signature"])))
        answer = self.answers.get(path, "")
        body = answer(fields) if callable(answer) else answer
        return self.status, self.content_type, f"<Response>{body}</Response>".encode()

    def get(self, url: str) -> Fetched:
        return self.files.get(urlsplit(url).path.strip("/"), Fetched(404, {}, b""))

    def forms(self, path: str) -> list[dict[str, str]]:
        return [fields for asked, fields in self.asked if asked == path]

    def carrier(self, settings: Settings = SETTINGS, **more: object) -> Carrier:
        return Carrier(settings, Wire(self.post, self.get), **more)


def test_settings_come_from_the_environment():
    given = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "new, old", "SERVICE_NUMBER": f"{LINE}:line:en,+1555"}
    settings = Settings.from_env(given)
    assert settings.numbers == (LINE, "+1555")
    assert settings.roles == {LINE: "line, en", "+1555": ""}
    assert settings.auth_token == "new"
    assert settings.voice_url == "http://127.0.0.1:8000/twilio/voice"
    assert settings.port == 8010


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_ACCOUNT_SID", ""),
        ("TWILIO_AUTH_TOKEN", " , "),
        ("SERVICE_NUMBER", ""),
        ("SERVICE_NUMBER", "0700"),
        ("SIMULATOR_PORT", "70000"),
        ("VOICE_URL", "127.0.0.1/voice"),
    ],
)
def test_a_setting_that_is_wrong_is_named(name, value):
    whole = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "SERVICE_NUMBER": LINE}
    with pytest.raises(Missing, match=name):
        Settings.from_env(whole | {name: value})
