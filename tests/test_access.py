"""Who may what at the page: every address with every role, and what is not theirs of another's."""

import re

import pytest
from desk import somebody_asks
from page import Browser, at_the_desk, invited
from people import Line, a_line

from ivr.console.door import ROUTES
from ivr.models import Entry
from ivr.team.counselors import ROLES

# By address and method, who is let in; written out here, so that a role that is added somewhere is seen.
DESK, LEADS, ACCOUNTS, READS = "counselor supervisor", "supervisor", "supervisor administrator", "supervisor auditor"
ALL = " ".join(ROLES)
MAY = {
    "GET /": DESK,
    "GET /news": DESK,
    "POST /next": DESK,
    "POST /take/<name>": DESK,
    "GET /requests/<name>": DESK,
    "POST /requests/<name>/number": DESK,
    "POST /requests/<name>/note": DESK,
    "POST /requests/<name>/text": DESK,
    "POST /requests/<name>/call": DESK,
    "POST /requests/<name>/tried": DESK,
    "POST /requests/<name>/later": DESK,
    "POST /requests/<name>/back": DESK,
    "POST /requests/<name>/close": DESK,
    "GET /roster": DESK,
    "POST /on": DESK,
    "POST /off": DESK,
    "POST /roster": DESK,
    "POST /roster/<id>/drop": DESK,
    "GET /team": ACCOUNTS,
    "POST /team": ACCOUNTS,
    "POST /team/<login>/invite": ACCOUNTS,
    "POST /team/<login>/lost": ACCOUNTS,
    "POST /team/<login>/pin": ACCOUNTS,
    "POST /team/<login>/role": ACCOUNTS,
    "POST /team/<login>/end": ACCOUNTS,
    "GET /book": READS,
    "GET /figures": READS,
    "GET /day": DESK,
    "GET /own": ALL,
    "POST /own": ALL,
    "POST /own/password": ALL,
    "POST /own/leave": ALL,
}
OPEN = {"GET /sign-in", "POST /sign-in", "POST /sign-out", "GET /welcome/<word>", "POST /welcome/<word>"}
OPEN |= {"GET /static/<version>/<name>"}
NOT_HERE = "it is not for you to see"


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


@pytest.fixture(scope="module")
def everybody(migrated_file, tmp_path_factory):
    """One browser of each role, signed in, and a request in the line."""
    file = tmp_path_factory.mktemp("access") / "line.db"
    file.write_bytes(migrated_file.read_bytes())
    with a_line(f"sqlite:///{file}") as line:
        somebody_asks(line)
        invited(line, "target")
        yield {role: at_the_desk(line, f"one_{role}", role) for role in ROLES} | {"nobody": Browser(line)}


def address(path: str) -> str:
    return path.replace("<login>", "target").replace("<name>", "7").replace("<id>", "7")


def test_every_address_is_in_this_table(line: Line) -> None:
    rules = line.client.application.url_map.iter_rules()  # type: ignore[attr-defined]
    there = {
        f"{method} {rule.rule.removeprefix('/console')}"
        for rule in rules
        if rule.endpoint.startswith("console.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert there == set(MAY) | OPEN


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
@pytest.mark.parametrize("route", sorted(MAY))
def test_each_role_gets_in_where_it_may_and_nowhere_else(everybody, role: str, route: str) -> None:
    """Forms without proof do nothing for anybody; with it, for those who may."""
    browser, (method, path) = everybody[role], route.split(" ")
    was = len(browser.line.rows(Entry))
    if method == "POST":
        assert browser.posts(address(path)).status_code == 400
        browser.sees("/own")
        browser.sends(address(path), **{"csrf_token": _proof(browser)} if role != "nobody" else {}, nothing="")
    else:
        browser.sees(address(path))
    if role == "nobody":
        assert "Code of your authenticator" in browser.page or browser.status in (400, 401)
        assert len(browser.line.rows(Entry)) == was
    elif role not in MAY[route].split():
        assert (browser.status, NOT_HERE in browser.page) == (404, True)
        assert len(browser.line.rows(Entry)) == was
    elif method == "GET" and "<" not in path:
        assert browser.status in (200, 204)
    if route in ("POST /own/password", "POST /own/leave", "POST /own"):
        everybody[role] = _again(browser, role)


def _proof(browser: Browser) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.page)
    return found[1] if found else ""


def _again(browser: Browser, role: str) -> Browser:
    if role != "nobody":
        browser.signs_in()
    return browser


def test_the_table_of_the_house_and_this_one_agree() -> None:
    assert {f"{route.method} {route.path}": " ".join(route.roles) for route in ROUTES} == MAY


def test_a_request_shows_nothing_of_anybody_to_who_does_not_have_it(line: Line) -> None:
    somebody_asks(line, name="Neighbour", topic="the roof")
    (request,) = line.waiting()
    has, has_not = at_the_desk(line), at_the_desk(line, "second")
    has.sends(f"/take/{request.ref}")
    for path in (f"/requests/{request.ref}", f"/requests/{request.id}"):
        assert "first has it" in has_not.sees(path)
        assert not {"Neighbour", "the roof", "+254"} & set(re.findall(r"Neighbour|the roof|\+254", has_not.page))
    for act in ("number", "note", "call", "tried", "later", "back", "close"):
        fields = {"note": "x", "outcome": "busy", "minutes": "15", "state": "reached"}
        has_not.sees("/own")
        has_not.sends(f"/requests/{request.ref}/{act}", **fields)
        assert "Neighbour" not in has_not.page
    assert line.waiting()[0].why == ""
    assert "Neighbour" in has.sees(f"/requests/{request.ref}")


def test_the_number_is_masked_until_it_is_asked_for_and_that_is_written_down(line: Line) -> None:
    somebody_asks(line, 77)
    (request,) = line.waiting()
    browser = at_the_desk(line)
    browser.sends("/next")
    assert "+254…77" in browser.page
    assert "+254700000077" not in browser.page
    assert [each.what for each in line.rows(Entry) if each.about == request.id] == ["requested", "claimed"]
    assert "+254700000077" in browser.sends(f"/requests/{request.ref}/number")
    shown = [each for each in line.rows(Entry) if each.what == "number shown"]
    assert [(each.about, each.why) for each in shown] == [(request.id, "")]
    assert "+254700000077" not in browser.sees(f"/requests/{request.ref}")


def test_whoever_runs_the_desk_reads_and_that_is_written_down(line: Line) -> None:
    somebody_asks(line, name="Neighbour")
    (request,) = line.waiting()
    at_the_desk(line).sends("/next")
    assert "Neighbour" in at_the_desk(line, "lead", "supervisor").sees(f"/requests/{request.ref}")
    assert [each.what for each in line.rows(Entry) if each.about == request.id] == ["requested", "claimed", "read"]


def test_a_closed_request_is_theirs_for_a_day(line: Line) -> None:
    somebody_asks(line, name="Neighbour")
    (request,) = line.waiting()
    browser = at_the_desk(line)
    browser.sends("/next")
    browser.sends(f"/requests/{request.ref}/close", state="reached")
    assert "Neighbour" in browser.sees(f"/requests/{request.id}")
    line.later(hours=25)
    browser.signs_in()
    assert "It is closed" in browser.sees(f"/requests/{request.id}")
    assert "Neighbour" not in browser.page


@pytest.mark.parametrize("role", ["administrator", "supervisor"])
@pytest.mark.parametrize("act", ["invite", "pin", "lost", "role", "end"])
def test_who_runs_the_desk_has_no_hand_in_the_accounts_of_those_above(line: Line, act: str, role: str) -> None:
    lead = at_the_desk(line, "lead", "supervisor")
    at_the_desk(line, "other", role if role == "administrator" else "auditor")
    was = len(line.rows(Entry))
    lead.sees("/own")
    lead.sends(f"/team/other/{act}", role="counselor")
    assert (lead.status, len(line.rows(Entry))) == (404, was)


@pytest.mark.parametrize("role", ["administrator", "auditor", "chief"])
def test_nobody_gives_more_than_they_may(line: Line, role: str) -> None:
    lead = at_the_desk(line, "lead", "supervisor")
    at_the_desk(line, "other")
    was = len(line.rows(Entry))
    lead.sees("/team")
    lead.sends("/team/other/role", role=role)
    lead.sees("/team")
    lead.sends("/team", login="new", role=role)
    lead.sees("/team")
    lead.sends("/team/lead/role", role=role)
    assert len(line.rows(Entry)) == was


def test_who_cares_for_accounts_reads_no_request(line: Line) -> None:
    somebody_asks(line, name="Neighbour")
    (request,) = line.waiting()
    browser = at_the_desk(line, "chief", "administrator")
    for path in ("/", f"/requests/{request.ref}", f"/requests/{request.id}", "/day", "/book", "/figures"):
        assert NOT_HERE in browser.sees(path)


def test_a_role_that_is_taken_away_is_gone_with_the_next_click(line: Line) -> None:
    lead, chief = at_the_desk(line, "lead", "supervisor"), at_the_desk(line, "chief", "administrator")
    chief.sees("/team")
    chief.sends("/team/lead/role", role="auditor")
    assert "Code of your authenticator" in lead.sees("/team")
    lead.signs_in()
    assert "Figures" in lead.page
    assert NOT_HERE in lead.sees("/team")
