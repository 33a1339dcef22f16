"""The desk's other pages: duty and shifts, the team, the book, figures, one's own settings; and their languages."""

import re
from string import Formatter

import pytest
from desk import somebody_asks
from jinja2.ext import babel_extract
from page import Browser, accepts, at_the_desk
from people import Line, a_line

from ivr import i18n
from ivr.callbacks.calls import ALL_THE_SAME
from ivr.callbacks.outcomes import IN_VAIN
from ivr.console.reasons import reason
from ivr.models import Shift
from ivr.runtime import HOME
from ivr.team import shifts
from ivr.team.counselors import ROLES


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


def test_duty_begins_and_ends_and_is_planned(line: Line) -> None:
    page = at_the_desk(line, phone="+254722000009")
    assert "You are on duty" in page.sends("/on", hours="3")
    assert "on duty until 13:" in page.page
    assert "You are off duty" in page.sends("/off")
    page.sees("/roster")
    page.sends("/roster", login="first", day="2026-11-24", **{"from": "22:00", "until": "06:00"})
    assert "The shift is planned." in page.page
    with line.runtime.database.transaction() as tx:
        (planned,) = shifts.planned(tx, line.clock.now())
    assert planned.ends_at - planned.starts_at == 8 * 3_600_000
    assert "The shift is off." in page.sends(f"/roster/{planned.id}/drop")
    assert len(line.rows(Shift)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2026-11-22", "from": "08:00", "until": "16:00"},
        {"day": "yesterday", "from": "08:00", "until": "16:00"},
        {"day": "9999-12-31", "from": "22:00", "until": "06:00"},
        {"day": "2026-11-24", "from": "8", "until": "25:00"},
    ],
)
def test_a_shift_that_cannot_be_is_none(line: Line, wrong: dict[str, str]) -> None:
    page = at_the_desk(line)
    page.sees("/roster")
    assert "A shift ends after it begins" in page.sends("/roster", login="first", **wrong)
    assert line.rows(Shift) == []


def test_nobody_plans_or_drops_for_another_but_whoever_runs_the_desk(line: Line) -> None:
    first, lead = at_the_desk(line), at_the_desk(line, "lead", "supervisor")
    shift = {"day": "2026-11-24", "from": "08:00", "until": "16:00"}
    lead.sees("/roster")
    lead.sends("/roster", login="first", **shift)
    lead.sends("/roster", login="lead", **shift)
    with line.runtime.database.transaction() as tx:
        of = {each.login: each.id for each in shifts.planned(tx, line.clock.now())}
    first.sees("/roster")
    first.sends("/roster", login="lead", **shift)
    first.sees("/roster")
    first.sends(f"/roster/{of['lead']}/drop")
    assert (first.status, len(line.rows(Shift))) == (404, 2)
    lead.sees("/roster")
    lead.sends(f"/roster/{of['first']}/drop")
    assert len(line.rows(Shift)) == 1


def test_somebody_new_is_added_and_gets_in_by_the_link(line: Line) -> None:
    lead = at_the_desk(line, "lead", "supervisor")
    lead.sees("/team")
    lead.sends("/team", login="new", role="counselor", language="es", speaks="es sw", phone="+254722000008")
    link = re.search(r"https://line\.example\.org/console(/welcome/[\w-]+)", lead.page)
    assert link
    new = Browser(line, "new")
    accepts(new, link[1])
    new.signs_in()
    assert 'lang="es"' in new.page
    assert link[1] not in lead.sees("/team")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"login": "first"}, "is taken"),
        ({"login": "two words"}, "no blanks"),
        ({"login": "new", "phone": "12"}, "no phone number"),
        ({"login": "new", "phone": "+254722000009"}, "has this phone"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(line: Line, typed: dict[str, str], said: str) -> None:
    at_the_desk(line, phone="+254722000009")
    lead = at_the_desk(line, "lead", "supervisor")
    lead.sees("/team")
    lead.sends("/team", role="counselor", language="en", speaks="en", **typed)
    assert (lead.status, said in lead.page) == (422, True)
    assert all(value in lead.page for value in typed.values())


def test_a_book_in_which_a_line_was_changed_is_seen(line: Line) -> None:
    lead = at_the_desk(line, "lead", "supervisor")
    assert "The book is" not in lead.sees("/book")
    assert "The book is whole" in lead.sees("/book?whole=1")
    with line.runtime.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_update")
        connection.exec_driver_sql("UPDATE audit SET who = 'somebody' WHERE what = 'signed in'")
    assert "The book is not whole" in lead.sees("/book?whole=1")


def test_all_that_the_book_can_say_is_said_in_words(line: Line) -> None:
    """Whatever is written somewhere by `audit.note` has a word here."""
    written = set()
    for path in (HOME / "ivr").rglob("*.py"):
        written |= set(
            re.findall(r'audit\.note\([^"\n]*(?:"line", |"person", )?"([A-Za-z][\w -]*)", ', path.read_text())
        )
    said = set(re.findall(r'_\("([^"]+)"', (HOME / "ivr/console/templates/_done.html").read_text()))
    assert {"signed in", "note", "rings"} <= written
    assert written - {"line", "person"} <= said
    page = at_the_desk(line, role="supervisor", language="es")
    assert "entró" in page.sees("/book") and "signed in" not in page.page


REASONS = [
    *("asked for a call", "asked again", "did not answer a check-in", "nobody was reached in time", "everywhere"),
    *("tried 3 times", "30 minutes", "61 seconds", "10 misses", "nothing happened while 0a1b had it", "they pressed 0"),
    *(*IN_VAIN, *ALL_THE_SAME.values(), *ROLES),
]


@pytest.mark.parametrize("why", REASONS)
def test_each_reason_is_said_in_the_readers_language(line: Line, why: str) -> None:
    found = reason(why, {"0a1b": "first"})
    assert found.said.format(**found.values) == why.replace("0a1b", "first")
    for code in ("es", "sw"):
        assert line.runtime.content.languages[code].gettext(found.said) != found.said


def test_a_span_of_time_stays_as_it_is() -> None:
    span = "2026-11-24 08:00Z to 2026-11-24 16:00Z"
    assert reason(span, {}).said == span


def test_small_counts_are_not_told(line: Line) -> None:
    for n in range(9):
        somebody_asks(line, n)
    line.later(seconds=1)
    reader = at_the_desk(line, "reader", "auditor")
    assert "9" not in re.findall(r"<td>(\d+)</td>", reader.sees("/figures"))
    somebody_asks(line, 20)
    line.later(seconds=1)
    assert "10" in re.findall(r"<td>(\d+)</td>", reader.sees("/figures"))


def test_the_desk_speaks_the_language_that_somebody_chose(line: Line) -> None:
    page = at_the_desk(line)
    page.sees("/own")
    page.sends("/own", language="sw", speaks_sw="yes", gender="woman")
    assert 'lang="sw"' in page.page
    assert "My settings" not in page.page
    page.sends("/own", language="en")  # and helps in none
    assert 'lang="sw"' in page.page
    page.sends("/own", language="xx", speaks_sw="yes")
    assert page.status == 404


@pytest.mark.parametrize("code", ["es", "sw"])
def test_every_word_of_the_pages_is_translated_with_what_it_names(code: str) -> None:
    known = i18n.languages(HOME / "locales")[code]
    for template in sorted((HOME / "ivr").rglob("templates/*.*")):
        with template.open("rb") as lines:
            for _, _, text, _ in babel_extract(lines, ["_"], [], {}):
                source = text if isinstance(text, str) or text is None else text[0]  # others are named values
                if source is None:  # it names no words: those of the book are listed beside it
                    assert template.name == "_done.html"
                    continue
                assert source in known.catalogue.known, (template.name, source)
                assert fields(known.gettext(source)) == fields(source), source


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
