"""The counselors' page, as somebody at a browser goes through it."""

import gzip
import re

import pytest
from desk import somebody_asks
from page import at_the_desk
from people import ASHA, Line, a_line

from ivr.callbacks import outcomes, requests
from ivr.callbacks.outcomes import IN_VAIN
from ivr.callbacks.requests import URGENT, Asking
from ivr.callbacks.wishes import Wish
from ivr.care import exercises
from ivr.models import Callback, Note
from ivr.people import contacts
from ivr.people.contacts import Party
from ivr.phone import parse
from workers import duties

LINE = "+254700000100"
WORDS = 'They will try the well. <b>"Tomorrow"</b>\nand again: ñ, 你好'


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


def asked(line: Line, n: int = 1, **how: str):
    """Somebody asks; their request."""
    somebody_asks(line, n, **how)
    return max(line.waiting(), key=lambda each: (each.created_at, each.id))


def states(line: Line) -> list[str]:
    return [each.state for each in line.rows(Callback)]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_counselor_takes_a_request_reads_the_card_writes_a_note_and_closes(database_url: str) -> None:
    with a_line(database_url) as line:
        request = asked(line, name="Neighbour", topic="the roof")
        page = at_the_desk(line)
        assert str(request.ref) in page.page
        assert "Neighbour" not in page.page
        page.sends("/next")
        assert "It is yours until" in page.page
        assert "Neighbour" in page.page and "the roof" in page.page
        page.sends(f"/requests/{request.ref}/close", note=WORDS, state="reached")
        assert "Closed." in page.page and "Nobody waits." in page.page
        assert states(line) == ["reached"]
        assert line.opened(Note, "body") == [WORDS]
        assert "reached" in page.sees("/day")


def test_the_card_says_the_careful_thing_where_nothing_was_answered(line: Line) -> None:
    asked(line)
    page = at_the_desk(line)
    page.sends("/next")
    for careful in (
        "say no name",
        "say nothing before you know who it is",
        "hears nothing: hang up",
        "do not ring again",
    ):
        assert careful in page.page


def test_the_card_says_what_was_answered(line: Line) -> None:
    asked(line, alone="yes", voicemail="yes", ring_again="yes", counselor="woman")
    page = at_the_desk(line, gender="woman")
    page.sends("/next")
    for said in ("theirs alone", "a few neutral words", "ring again", "a woman"):
        assert said in page.page


def test_of_two_who_press_at_once_one_has_it_and_the_other_is_told_who(line: Line) -> None:
    request = asked(line)
    first, second = at_the_desk(line), at_the_desk(line, "second")
    second.sees("/")
    first.sends(f"/take/{request.ref}")
    assert "It is yours" in first.page
    assert "first was quicker and has it." in second.sends(f"/take/{request.ref}")
    assert "It is not in the queue any more." in second.sends("/take/999999")
    second.sees("/")
    assert "It is not in the queue any more." in second.sends("/take/" + "9" * 40)


@pytest.mark.parametrize("outcome", IN_VAIN)
def test_what_was_tried_in_vain_goes_back_with_the_note(line: Line, outcome: str) -> None:
    request = asked(line)
    page = at_the_desk(line)
    page.sends("/next")
    page.sends(f"/requests/{request.ref}/tried", outcome=outcome, note=WORDS)
    assert "Back in the queue, for later." in page.page
    assert states(line) == ["attempted"]
    assert line.opened(Note, "body") == [WORDS]
    assert "There is none that you can ring now" in page.sends("/next")
    line.later(hours=1)
    page.signs_in()
    page.sends("/next")
    assert "They will try the well." in page.page


def test_what_is_put_off_or_given_back_goes_back(line: Line) -> None:
    request = asked(line)
    page = at_the_desk(line)
    page.sends("/next")
    assert "Given back." in page.sends(f"/requests/{request.ref}/back")
    page.sends("/next")
    assert "Put off." in page.sends(f"/requests/{request.ref}/later", minutes="30")
    assert "to be rung from" in page.page
    assert states(line) == ["requested"]


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("tried", {"outcome": "sulked"}),
        ("tried", {}),
        ("later", {"minutes": "-5"}),
        ("later", {"minutes": "1e9"}),
        ("close", {"state": "erased"}),
        ("close", {"state": ""}),
    ],
)
def test_what_no_button_says_does_nothing(line: Line, act: str, fields: dict[str, str]) -> None:
    request = asked(line)
    page = at_the_desk(line)
    page.sends("/next")
    page.sends(f"/requests/{request.ref}/{act}", note=WORDS, **fields)
    assert page.status == 404
    assert (states(line), line.rows(Note)) == (["claimed"], [])


def test_a_note_typed_until_the_time_was_over_is_kept_for_whoever_signs_in_again(line: Line) -> None:
    request = asked(line)
    page = at_the_desk(line)
    page.sends("/next")
    line.later(minutes=31)
    page.sends(f"/requests/{request.ref}/close", note=WORDS, state="reached")
    assert page.status == 401
    assert "Your time here was over" in page.page
    carried = dict(re.findall(r'<textarea name="(kept\.\w+)" hidden>\n(.*?)</textarea>', page.page, re.DOTALL))
    then = re.search(r'name="then" value="([^"]+)"', page.page)
    assert then
    line.later(seconds=31)
    page.sends("/sign-in", login="first", password="seven green boats at noon", code=page.code, then=then[1], **carried)
    assert "You are signed in again" in page.page
    kept = re.search(r'<textarea name="note" rows="6">\n(.*?)</textarea>', page.page, re.DOTALL)
    assert kept and kept[1] == WORDS
    duties.keep_the_queue(line.runtime)
    page.sends(then[1], note=kept[1], state="reached")
    assert "not yours any more" in page.page or "somebody else has it" in page.page or "Closed." in page.page


def test_a_note_for_what_somebody_else_has_by_now_is_shown_again(line: Line) -> None:
    request = asked(line)
    first, second = at_the_desk(line), at_the_desk(line, "second")
    first.sends("/next")
    first.sees(f"/requests/{request.ref}")
    line.later(minutes=31)
    duties.keep_the_queue(line.runtime)
    first.signs_in()
    second.signs_in()
    second.sends("/next")
    first.sends(f"/requests/{request.ref}/close", note=WORDS, state="reached")
    assert "somebody else has it now" in first.page
    assert WORDS in first.page
    assert (states(line), line.rows(Note)) == (["claimed"], [])


def test_a_form_that_lay_too_long_loses_no_word(line: Line) -> None:
    request = asked(line)
    page = at_the_desk(line)
    page.sends("/next")
    page.page = page.page.replace('name="csrf_token" value="', 'name="csrf_token" value="x')
    page.sends(f"/requests/{request.ref}/note", note=WORDS)
    assert (page.status, WORDS in page.page) == (400, True)
    page.sends(f"/requests/{request.ref}/note", note=WORDS)
    assert line.opened(Note, "body") == [WORDS]


def test_trouble_says_so_and_loses_no_word(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    request = asked(line)
    page = at_the_desk(line)
    page.sends("/next")

    def broken(*_: object) -> None:
        raise KeyError(WORDS)

    with monkeypatch.context() as fault:
        fault.setattr(outcomes, "write", broken)
        page.sends(f"/requests/{request.ref}/note", note=WORDS)
    assert (page.status, WORDS in page.page) == (503, True)
    assert "Nothing was changed" in page.page
    page.sends(f"/requests/{request.ref}/note", note=WORDS)
    assert line.opened(Note, "body") == [WORDS]


def test_each_row_says_why_it_stands_there_and_what_keeps_it(line: Line) -> None:
    page = at_the_desk(line, speaks=("en",), gender="man")
    somebody_asks(line, 1, URGENT)
    line.later(minutes=1)
    asked(line, 2, language="sw")
    asked(line, 3, counselor="woman")
    asked(line, 4, when="evening")
    asked(line, 4)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.sees("/")))
    assert text.index("urgent since") < text.index("asks for the first time, so two hours ahead")
    assert "not your language" in text
    assert "wishes for a woman" in text
    assert "asked 2 times" in text
    assert "to be rung from 17:00" in text
    assert "Open: 4. Urgent: 1." in text


def test_what_is_not_new_is_told_without_a_word(line: Line) -> None:
    page = at_the_desk(line)
    version = re.search(r'data-v="(\w+)"', page.page)
    assert version
    page.sees(f"/news?v={version[1]}")
    assert (page.status, page.page) == (204, "")
    asked(line)
    page.sees(f"/news?v={version[1]}")
    assert page.status == 200
    assert page.page.lstrip().startswith('<div id="line"')


def test_the_past_of_a_person_is_shown_to_whoever_has_their_request(line: Line) -> None:
    """Check-ins as a chart, an exercise and whether it helped, what they wrote, and earlier notes."""
    for text in ("hello", "1", "1", "1", "3", "3", "3", "2", "8", "I have no roof"):  # a check-in, a heavy day
        line.texts(text)
    line.texts("8")
    line.texts("call me, please")
    with line.runtime.database.transaction() as tx:
        now, phone = line.clock.now(), parse(ASHA, "KE")
        party = contacts.recognise(tx, line.runtime.vault, phone, Party("sms", LINE, "en"), now)
        exercises.record(tx, line.runtime.vault, party, "box_breathing", "yes", now)
        asking = Asking(party, party.number_id or "", Wish(), line.runtime.content.hours.zone)
        requests.request(tx, line.runtime.vault, asking, now)
    page = at_the_desk(line)
    page.sends("/next")
    assert "Check-ins, the oldest first; higher is heavier: 7" in page.page
    assert "I have no roof" in page.page
    assert "Breathing in a square: it helped" in re.sub(r"\s+", " ", page.page)
    assert "Nothing is kept" not in page.page


def test_headers_shut_out_all_else(line: Line) -> None:
    page = at_the_desk(line)
    response = page.client.get("/console/", base_url="https://line.example.org", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert response.headers["Referrer-Policy"] == "same-origin"
    policy = response.headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policy
    assert "unsafe" not in policy and "*" not in policy
    html = gzip.decompress(response.data).decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style|https?://", html)
    for path in re.findall(r'(?:src|href)="(/console/static/[^"]+)"', html):
        asset = page.client.get(path, base_url="https://line.example.org")
        assert "immutable" in asset.headers["Cache-Control"]


def test_what_people_write_is_words_and_never_a_part_of_the_page(line: Line) -> None:
    asked(line, name="<script>alert(1)</script>", topic="{{ 7*7 }} </dd><img src=x onerror=alert(1)>")
    page = at_the_desk(line)
    page.sends("/next")
    response = page.client.get(f"/console/requests/{line.waiting()[0].ref}", base_url="https://line.example.org")
    assert b"<script>alert" not in response.data and b"<img" not in response.data
    assert b"{{ 7*7 }}" in response.data


def test_an_alert_ends_when_the_request_of_that_person_is_closed(line: Line) -> None:
    line.texts("I want to die")
    assert "nobody has them yet: 1" in at_the_desk(line, "early").page
    somebody_asks(line, int(ASHA[5:]), URGENT)
    page = at_the_desk(line)
    page.sends("/next")
    (request,) = line.waiting()
    page.sends(f"/requests/{request.ref}/close", state="reached")
    assert "nobody has them yet" not in page.page
