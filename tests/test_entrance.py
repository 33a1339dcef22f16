"""Signing in at the page: who gets in, for how long, and what whoever tries learns."""

import re

import pytest
from page import PASSWORD, Browser, accepts, at_the_desk, invited
from people import Line, a_line
from test_desk import ask

from ivr.models import Counselor, Entry, SignIn, SignInTries
from ivr.team import counselors, invitations, passwords, signins
from ivr.team.counselors import ROLES
from workers import duties

WRONG = "was not right"
PAUSED = "Too many tries"
QUEUE = "Take the next one"


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


def known(line: Line, login: str = "first", role: str = "counselor") -> Browser:
    """Somebody who could sign in, and has not."""
    browser = Browser(line, login)
    accepts(browser, invited(line, login, role))
    return browser


def did(line: Line, what: str) -> int:
    return sum(entry.what == what for entry in line.rows(Entry))


def test_the_first_one_is_added_by_command_and_chooses_a_password_by_the_link(line: Line) -> None:
    said = ask(line, "counselors", "add", "chief", "--role", "administrator")[1]
    link = re.search(r"https://line\.example\.org/console(/welcome/\S+)", said)
    assert link
    browser = Browser(line, "chief")
    assert "Sign in" in accepts(browser, link[1])
    assert "Team" in browser.signs_in()
    assert "does not hold" in browser.sees(link[1])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_it_is_alike_on_postgresql(database_url: str) -> None:
    with a_line(database_url) as line:
        browser = known(line)
        assert WRONG in browser.signs_in("wrong")
        assert QUEUE in browser.signs_in()
        duties.forget_sign_ins(line.runtime)
        assert QUEUE in browser.sees("/")


def test_an_invitation_is_over_after_a_week_and_when_there_is_a_newer_one(line: Line) -> None:
    first = invited(line)
    second = re.search(r"/welcome/\S+", ask(line, "counselors", "invite", "first")[1])
    assert second
    browser = Browser(line, "first")
    assert "does not hold" in browser.sees(first)
    line.later(days=7)
    assert "does not hold" in browser.sees(second[0])
    assert browser.status == 404


@pytest.mark.parametrize(
    "password",
    (
        *("short", "aaaaaaaaaaaaaaaaaaaa", "first1first1first1", "abababababababab", "passwordpassword", "x" * 129),
        *("qwertyuiopasdfgh", "iloveyouiloveyou", "Password123456!", "first" * 5),
    ),
)
def test_a_weak_password_is_refused_and_the_secret_stays_the_same(line: Line, password: str) -> None:
    browser, path = Browser(line, "first"), invited(line)
    assert "Choose another password" in accepts(browser, path, password)
    assert browser.secret in browser.page.replace(" ", "")
    assert "Sign in" in browser.sends(path, secret=browser.secret, password=PASSWORD, code=browser.code)


def test_a_wrong_code_sets_no_password(line: Line) -> None:
    browser, path = Browser(line, "first"), invited(line)
    browser.sees(path)
    secret = re.search(r'name="secret" value="([^"]+)"', browser.page)
    assert secret
    page = browser.sends(path, secret=secret[1], password=PASSWORD, code="000000")
    assert "The code was not right" in page
    assert [each.password for each in line.rows(Counselor)] == [None]


@pytest.mark.parametrize(
    "typed", [{"password": "not this one, surely"}, {"code": "000000"}, {"login": "nobody"}, {"login": "FIRST' OR 1=1"}]
)
def test_nobody_learns_what_was_wrong(line: Line, typed: dict[str, str]) -> None:
    browser = known(line)
    right = browser.signs_in()
    assert QUEUE in right
    stranger = Browser(line, "first", browser.secret)
    page = stranger.signs_in(**typed)
    assert (stranger.status, WRONG in page) == (401, True)
    assert QUEUE not in stranger.sees("/")


def test_a_code_counts_once(line: Line) -> None:
    browser = known(line)
    browser.signs_in()
    code = browser.code
    other = Browser(line, "first", browser.secret)
    other.sees("/sign-in")
    assert WRONG in other.sends("/sign-in", login="first", password=PASSWORD, code=code)
    assert QUEUE in other.signs_in()


@pytest.mark.parametrize(("late", "holds"), [(-31, False), (-30, True), (0, True), (59, True), (60, False)])
def test_a_code_holds_for_its_half_minute_and_those_beside_it(line: Line, late: int, holds: bool) -> None:
    browser = known(line)
    line.later(minutes=5)
    code = browser.code
    line.later(seconds=late)
    browser.sees("/sign-in")
    page = browser.sends("/sign-in", login="first", password=PASSWORD, code=code)
    assert (QUEUE in page) is holds


def test_ten_misses_under_a_name_and_nothing_opens_for_a_quarter_of_an_hour(line: Line) -> None:
    browser = known(line)
    for n in range(10):
        browser.client.environ_base["REMOTE_ADDR"] = f"10.0.1.{n}"
        assert WRONG in browser.signs_in("wrong")
    browser.client.environ_base["REMOTE_ADDR"] = "10.0.2.1"
    assert PAUSED in browser.signs_in()
    assert browser.status == 429
    assert did(line, "sign-in paused") == 1
    line.later(minutes=15)
    assert QUEUE in browser.signs_in()


def test_a_name_that_nobody_has_is_paused_as_any_other(line: Line) -> None:
    stranger = known(line)
    for n in range(10):
        stranger.client.environ_base["REMOTE_ADDR"] = f"10.0.1.{n}"
        assert WRONG in stranger.signs_in("wrong", login="nobody")
    assert PAUSED in stranger.signs_in("wrong", login="nobody")
    assert QUEUE in stranger.signs_in()


def test_twenty_misses_from_an_address_and_nothing_opens_from_there(line: Line) -> None:
    browser = known(line)
    for n in range(20):
        assert WRONG in browser.signs_in("wrong", login=f"nobody{n}")
    assert PAUSED in browser.signs_in()
    browser.client.environ_base["REMOTE_ADDR"] = "10.0.0.2"
    assert QUEUE in browser.signs_in()


@pytest.mark.parametrize(("proxies", "is_shared"), [("0", True), ("1", False), ("2", True)])
def test_the_address_is_the_one_that_our_own_proxies_saw(sqlite_url: str, proxies: str, is_shared: bool) -> None:
    """What stands further in front was written by whoever tries, and another one each time."""
    with a_line(sqlite_url, PROXIES=proxies) as line:
        browser = known(line)
        for n in range(20):
            browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"1.2.3.{n}, 10.9.9.9, 10.7.7.{n}"
            browser.signs_in("wrong", login=f"nobody{n}")
        browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "6.6.6.6, 10.9.9.9, 10.7.7.77"
        assert (PAUSED in browser.signs_in()) is is_shared


def test_half_an_hour_without_a_click_and_it_is_over(line: Line) -> None:
    browser = at_the_desk(line)
    for _ in range(3):
        line.later(minutes=29)
        assert QUEUE in browser.sees("/")
    line.later(minutes=31)
    assert "Code of your authenticator" in browser.sees("/")


def test_a_page_that_looks_for_news_by_itself_keeps_nobody_signed_in(line: Line) -> None:
    browser = at_the_desk(line)
    for _ in range(10):
        line.later(minutes=3)
        browser.sees("/news?v=x")
    assert browser.status == 401


def test_twelve_hours_and_it_is_over_whatever_was_clicked(line: Line) -> None:
    browser = at_the_desk(line)
    for _ in range(24):
        line.later(minutes=29)
        assert QUEUE in browser.sees("/")
    line.later(minutes=25)
    assert "Code of your authenticator" in browser.sees("/")
    duties.forget_sign_ins(line.runtime)
    assert line.rows(SignIn) == []


@pytest.mark.parametrize("change", ["role", "lost", "end", "everywhere", "password"])
def test_what_changes_about_somebody_ends_their_sign_ins(line: Line, change: str) -> None:
    browser = at_the_desk(line)
    vault, now = line.runtime.vault, line.clock.now()
    with line.runtime.database.transaction() as tx:
        who = counselors.by_login(tx, "first")
        assert who
        if change == "role":
            counselors.set_role(tx, who.id, "supervisor", "operator", now)
        elif change == "lost":
            counselors.lose_phone(tx, who.id, "operator", now)
        elif change == "end":
            counselors.end(tx, who.id, "operator", now)
        elif change == "everywhere":
            counselors.end_sign_ins(tx, who.id, who.id, now)
        else:
            word = invitations.invite(tx, who.id, who.id, now)
            invitations.accept(tx, vault, word, "hash", browser.secret, browser.code, now)
    assert "Code of your authenticator" in browser.sees("/")


def test_signing_out_ends_this_browser_alone(line: Line) -> None:
    browser = at_the_desk(line)
    other = Browser(line, "first", browser.secret)
    other.signs_in()
    browser.sees("/own")
    cookies = {cookie.key: cookie.value for cookie in browser.client._cookies.values()}
    browser.sends("/sign-out")
    for name, value in cookies.items():  # a thief has the old cookie
        browser.client.set_cookie(name, value, domain="line.example.org", secure=True)
    assert "Code of your authenticator" in browser.sees("/")
    assert QUEUE in other.sees("/")


def test_signing_in_changes_the_cookie_that_was_there_before(line: Line) -> None:
    """Who put a cookie into somebody's browser beforehand has nothing of it."""
    browser = known(line)
    browser.sees("/sign-in")
    before = {cookie.value for cookie in browser.client._cookies.values()}
    browser.signs_in()
    (cookie,) = browser.client._cookies.values()
    assert cookie.value not in before
    assert (cookie.key, cookie.secure, cookie.http_only, cookie.same_site) == ("__Host-desk", True, True, "Lax")
    assert (cookie.path, cookie.domain, cookie.origin_only) == ("/", "line.example.org", True)


@pytest.mark.parametrize("path", ["/next", "/own", "/team", "/sign-in", "/sign-out"])
def test_a_form_of_another_site_does_nothing(line: Line, path: str) -> None:
    browser = at_the_desk(line, role="supervisor")
    entries = len(line.rows(Entry))
    response = browser.posts(path, login="new", role="counselor")
    assert response.status_code == 400
    assert len(line.rows(Entry)) == entries


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere_after_signing_in(line: Line, to: str) -> None:
    browser = known(line)
    line.later(seconds=31)
    browser.sees("/sign-in")
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.page)
    assert token
    typed = {"login": "first", "password": PASSWORD, "code": browser.code, "then": to}
    response = browser.posts("/sign-in", csrf_token=token[1], **typed)
    assert (response.status_code, response.headers["Location"]) == (303, "/console/")


def test_no_password_word_or_code_is_stored_or_written_down(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    browser = at_the_desk(line)
    (member,) = line.rows(Counselor)
    assert member.password.startswith("$argon2id$")
    stored = repr([vars(row) for model in (Counselor, SignIn, SignInTries, Entry) for row in line.rows(model)])
    for secret in (PASSWORD, browser.secret, browser.code):
        assert secret not in stored + caplog.text
    (row,) = line.rows(SignIn)
    with line.runtime.database.transaction() as tx:
        assert signins.find(tx, row.id, line.clock.now()) is None  # what the database holds opens nothing


def test_for_a_name_that_nobody_has_as_much_is_computed_as_for_a_counselors() -> None:
    assert not passwords.HASHER.check_needs_rehash(passwords.NOBODY)
    assert not passwords.fits(None, "nobody has this password")
    assert passwords.fits(passwords.NOBODY, "nobody has this password")


def test_each_role_begins_with_a_page_of_its_own(line: Line) -> None:
    for role in ROLES:
        browser = at_the_desk(line, f"one_{role}", role)
        assert browser.status == 200
