"""Settings: what is missing or wrong is named, all of it at once, and no secret is printed."""

import base64

import pytest
from conftest import SETTINGS

from ivr.config import BadSetting, Config, ServiceNumber

SAME = base64.b64encode(b"n" * 32).decode()


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in SETTINGS.items() if key != name}


def test_good_settings_are_read() -> None:
    config = Config.from_env(SETTINGS | {"SERVICE_NUMBER": "+254700000100:line:sw, +254700000200:missed-call"})
    assert config.service_number[0] == ServiceNumber("+254700000100", "line", "sw")
    assert config.service_number[1].role == "missed-call"
    assert config.twilio_api_base_url == "https://api.twilio.com"


@pytest.mark.parametrize(
    "name",
    [
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "SERVICE_NUMBER",
        "PUBLIC_BASE_URL",
        "SECRET_KEY",
        "DATA_KEYS",
        "INDEX_KEY",
    ],
)
def test_each_missing_setting_is_named_with_what_to_do(name: str) -> None:
    with pytest.raises(BadSetting, match=rf"{name}: is missing \(.+\); set it in the environment or in \.env"):
        Config.from_env(without(name))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SERVICE_NUMBER", "0700", "no E.164 number"),
        ("SERVICE_NUMBER", "+254700000100:door", "is no role"),
        ("SERVICE_NUMBER", "+254700000100:line:en, +254700000100:missed-call", "+254700000100 stands here twice"),
        ("ON_DUTY", "+254722000001, +254700000100:en", "ON_DUTY: +254700000100 is a SERVICE_NUMBER"),
        ("SUPERVISORS", "+254700000100", "SUPERVISORS: +254700000100 is a SERVICE_NUMBER"),
        ("SECRET_KEY", "x", "fewer than 16 characters"),
        ("SECRET_KEY", "fifteen letters", "secrets.token_urlsafe"),
        ("PUBLIC_BASE_URL", "line.example.org", "whole address"),
        ("PUBLIC_BASE_URL", "https://line example.org", "whole address"),
        ("DATABASE_URL", "mysql://x", "only sqlite"),
        ("DATA_KEYS", "k1:x", "NAME:KEY"),
        ("DATA_KEYS", "test:!!!", "base64"),
        ("DATA_KEYS", "test:" + base64.b64encode(b"short").decode(), "32 bytes"),
        ("DATA_KEYS", ",".join("k26a:" + base64.b64encode(key * 32).decode() for key in (b"n", b"o")), "one name"),
        (
            "DATA_KEYS",
            ",".join(f"{name}:" + base64.b64encode(b"n" * 32).decode() for name in ("k26a", "k26b")),
            "one key",
        ),
        ("INDEX_KEY", base64.b64encode(b"short").decode(), "32 bytes"),
        ("DATABASE_URL", "postgresql://u:p:w@db:1@/x", "in a password write"),
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("INDEX_KEY", base64.b64encode(b"d" * 32).decode(), "one of DATA_KEYS"),
        ("COUNTRY", "Kenya", "two letters"),
        ("TWILIO_AUTH_TOKEN", " , ", "is empty"),
    ],
)
def test_each_wrong_setting_says_what_to_write(name: str, value: str, says: str) -> None:
    with pytest.raises(BadSetting) as raised:
        Config.from_env(SETTINGS | {name: value})
    assert name in str(raised.value)
    assert says in str(raised.value)


def test_all_mistakes_are_told_at_once_and_no_secret_with_them() -> None:
    with pytest.raises(BadSetting) as raised:
        Config.from_env({"DATA_KEYS": "oops:c2VjcmV0LXZhbHVl", "COUNTRY": "Kenya"})
    assert str(raised.value).count("\n") >= 7
    assert "c2VjcmV0LXZhbHVl" not in str(raised.value)


def test_settings_that_contradict_each_other_are_told_at_once_too() -> None:
    wrong = {
        "ON_DUTY": "+254700000100",
        "SUPERVISORS": "+254700000100",
        "INDEX_KEY": base64.b64encode(b"d" * 32).decode(),
    }
    with pytest.raises(BadSetting) as raised:
        Config.from_env(SETTINGS | wrong)
    assert [line.split(":")[0].strip() for line in str(raised.value).splitlines()[1:]] == [
        *("INDEX_KEY", "ON_DUTY", "SUPERVISORS")
    ]


def test_a_secret_key_of_sixteen_characters_is_one() -> None:
    assert Config.from_env(SETTINGS | {"SECRET_KEY": "sixteen-letters!"}).secret_key == "sixteen-letters!"


def test_settings_are_not_printed() -> None:
    assert repr(Config.from_env(SETTINGS)) == "Config()"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_the_addresses_that_hosts_give_are_understood(scheme: str) -> None:
    config = Config.from_env(SETTINGS | {"DATABASE_URL": f"{scheme}://u:p@db/x"})
    assert config.database_url == "postgresql+psycopg://u:p@db/x"
