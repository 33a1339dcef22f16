"""The counselors' page in a real browser: with and without JavaScript, by keyboard alone, weighed, seen by axe."""

import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from browsers import a_browser, needs_a_browser
from calling import PERSON, PHONE
from desk import somebody_asks
from page import PASSWORD, invited
from people import Line, a_line, a_reaching_line
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.callbacks.requests import URGENT
from ivr.models import Callback, Note

pytestmark = needs_a_browser
WIDTHS = (360, 1280)
PAGES = ("/", "/roster", "/team", "/book", "/figures", "/day", "/own")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WARMTH = {"runOnly": {"type": "tag", "values": RULES}}


class Gunicorns(WSGIRequestHandler):
    """As many bytes of headers as the server of the Procfile sends, and no lines in the log."""

    protocol_version = "HTTP/1.1"

    def version_string(self) -> str:
        return "gunicorn"

    def log_request(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as running:
        yield running


@pytest.fixture
def line(sqlite_url: str) -> Iterator[Line]:
    with a_line(sqlite_url) as line, served(line):
        yield line


@pytest.fixture
def reaching(sqlite_url: str) -> Iterator[Line]:
    with a_reaching_line(sqlite_url) as line, served(line):
        yield line


@contextmanager
def served(line: Line) -> Iterator[None]:
    """Its pages, below `line.base`."""
    server = make_server("127.0.0.1", 0, line.client.application, threaded=True, request_handler=Gunicorns)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    line.base = f"http://127.0.0.1:{server.port}/console"  # type: ignore[attr-defined]
    yield
    server.shutdown()
    server.server_close()
    thread.join()


class Weight:
    """Bytes on the wire, headers and all, of everything that was loaded, by address."""

    def __init__(self, page: Page) -> None:
        self.loaded: list[tuple[str, int]] = []
        self._urls: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)

    def _sent(self, event: dict) -> None:
        if redirect := event.get("redirectResponse"):
            self.loaded.append((redirect["url"], redirect["encodedDataLength"]))
        self._urls[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict) -> None:
        self.loaded.append((self._urls[event["requestId"]], int(event["encodedDataLength"])))

    @property
    def sum(self) -> int:
        return sum(size for _, size in self.loaded)


@contextmanager
def somebody_at(browser: Browser, line: Line, width: int = 360, **how: object) -> Iterator[Page]:
    """A page of a fresh browser. What it asks of anybody else, or says about a policy, is a fault."""
    context = browser.new_context(viewport={"width": width, "height": 740}, reduced_motion="reduce", **how)
    page = context.new_page()
    page.set_default_timeout(8000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if "Security" in message.text else None)
    page.on("request", lambda each: None if each.url.startswith(line.base) else wrong.append(each.url))
    yield page
    assert [each for each in wrong if not each.startswith("data:")] == []
    context.close()


def set_up(page: Page, line: Line, login: str = "first", role: str = "supervisor", **how: object) -> str:
    """Accepts an invitation; the authenticator's secret."""
    page.goto(line.base + invited(line, login, role, **how))
    secret = page.locator("[name=secret]").get_attribute("value") or ""
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Code of your authenticator").fill(code(line, secret))
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    line.later(seconds=31)
    return secret


def code(line: Line, secret: str) -> str:
    return pyotp.TOTP(secret).at(line.clock.now() // 1000)


def signs_in(page: Page, line: Line, secret: str, login: str = "first") -> None:
    page.get_by_label("Your short name").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code of your authenticator").fill(code(line, secret))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def a_full_line(line: Line) -> None:
    for n in range(30):
        wish = {"counselor": "woman"} if n % 5 == 0 else {}
        somebody_asks(line, n, language=("en", "es", "sw")[n % 3], name="Neighbour", topic="the roof", **wish)
        line.later(minutes=1)
    somebody_asks(line, 40, URGENT)


def test_sign_in_take_call_note_and_close(browser: Browser, reaching: Line) -> None:
    """Their own phone rings, then that of the person; both through the carrier."""
    line = reaching
    somebody_asks(line, when="now", name="Neighbour")
    with somebody_at(browser, line) as page:
        signs_in(page, line, set_up(page, line, phone=PHONE))
        page.get_by_role("button", name="Take the next one").click()
        page.get_by_role("button", name="Call now").click()
        expect(page.get_by_text("Your phone rings.")).to_be_visible()
        with ThreadPoolExecutor(1) as workers:  # the browser's own loop runs in this thread
            workers.submit(line.ticks).result()
        desk = line.carrier.answer(PHONE).press("1").press("1")
        line.carrier.answer(PERSON).press("1").hang_up()
        desk.hang_up()
        page.reload()
        expect(page.get_by_text("What becomes of it?")).to_be_visible()
        page.get_by_label("Note, for whoever rings").fill("They will try the well.")
        page.get_by_role("button", name="We talked: close").click()
        expect(page.get_by_text("Nobody waits.")).to_be_visible()
    assert [each.state for each in line.rows(Callback)] == ["reached"]


@pytest.mark.parametrize("scripts", [True, False])
def test_sign_in_take_note_and_close(browser: Browser, line: Line, scripts: bool) -> None:
    somebody_asks(line, name="Neighbour")
    with somebody_at(browser, line, java_script_enabled=scripts) as page:
        signs_in(page, line, set_up(page, line))
        page.get_by_role("button", name="Take the next one").click()
        expect(page.get_by_text("Neighbour")).to_be_visible()
        page.get_by_role("button", name="Show the number").click()
        expect(page.get_by_role("link", name="+254700000001")).to_be_visible()
        page.get_by_label("Note, for whoever rings").fill("They will try the well.")
        page.get_by_role("button", name="We talked: close").click()
        expect(page.get_by_text("Nobody waits.")).to_be_visible()
    assert [each.state for each in line.rows(Callback)] == ["reached"]
    assert line.opened(Note, "body") == ["They will try the well."]


def test_it_can_be_done_by_keyboard_alone(browser: Browser, line: Line) -> None:
    somebody_asks(line)
    with somebody_at(browser, line) as page:
        signs_in(page, line, set_up(page, line))
        for name, then in (("Take the next one", "Request"), ("We talked: close", "Queue")):
            for _ in range(40):
                page.keyboard.press("Tab")
                if page.evaluate("document.activeElement.textContent.trim()") == name:
                    break
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", name
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", name=then)).to_be_visible()
        expect(page.get_by_text("Nobody waits.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_in_anybodys_way(browser: Browser, line: Line, width: int, scheme: str) -> None:
    """WCAG 2.2 AA as far as a program sees it; nothing runs over the edge; what is pressed is large enough."""
    a_full_line(line)
    with somebody_at(browser, line, width, color_scheme=scheme) as page:
        page.goto(line.base + invited(line, "other"))
        looked_at(page, width)
        secret = set_up(page, line)
        looked_at(page, width)
        signs_in(page, line, secret)
        for path in PAGES:
            page.goto(line.base + path)
            looked_at(page, width)
        page.goto(line.base + "/")
        page.get_by_role("button", name="Take the next one").click()
        page.get_by_text("Not reached, later, or not mine").click()
        looked_at(page, width)


def looked_at(page: Page, width: int) -> None:
    found = Axe().run(page, options=WARMTH)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    page.evaluate("document.documentElement.dir = 'rtl'")  # the other way round it fits as well
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    page.evaluate("document.documentElement.dir = 'ltr'")
    small = page.eval_on_selector_all(
        "button, input:not([type=hidden]):not([type=checkbox]), select, nav a",
        "all => all.filter(each => each.offsetParent && each.offsetHeight < 40).map(each => each.outerHTML)",
    )
    assert small == [], page.url


def test_it_is_light_on_a_slow_line(browser: Browser, line: Line) -> None:
    """Bytes on the wire with all headers: the queue with everything it needs, and a whole round of work."""
    a_full_line(line)
    with somebody_at(browser, line) as page:
        secret = set_up(page, line)
        page.context.clear_cookies()
    with somebody_at(browser, line) as page:
        weight = Weight(page)
        page.goto(line.base + "/")
        signs_in(page, line, secret)
        page.wait_for_load_state("networkidle")
        queue = max(size for url, size in weight.loaded if url.endswith("/console/")) + sum(
            size for url, size in weight.loaded if re.search(r"desk\.(css|js)$", url)
        )
        page.get_by_role("button", name="Take the next one").click()
        page.get_by_label("Note, for whoever rings").fill("They will try the well.")
        page.get_by_role("button", name="We talked: close").click()
        expect(page.get_by_text("Closed.")).to_be_visible()
        page.wait_for_load_state("networkidle")
        print(f"queue {queue} bytes, sign-in to close {weight.sum} bytes", weight.loaded)
        assert queue <= 4096
        assert weight.sum <= 14_000
        idle = as_it_goes_over_the_wire(page, line)
        print(f"idle refresh {len(idle)} bytes")
        assert idle.startswith(b"HTTP/1.1 204")
        assert len(idle) <= 300


def as_it_goes_over_the_wire(page: Page, line: Line) -> bytes:
    """What the server answers to a page that asks for news and has none."""
    version = page.locator("#line").get_attribute("data-v")
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
    host = line.base.split("/")[2]  # type: ignore[attr-defined]
    name, _, port = host.partition(":")
    asked = f"GET /console/news?v={version} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n"
    with socket.create_connection((name, int(port))) as wire:
        wire.sendall(asked.encode())
        return b"".join(iter(lambda: wire.recv(4096), b""))


def test_what_is_new_comes_by_itself_and_the_focus_stays(browser: Browser, line: Line) -> None:
    somebody_asks(line)
    with somebody_at(browser, line) as page:
        signs_in(page, line, set_up(page, line))
        page.get_by_role("button", name=re.compile("^Take [0-9]")).focus()
        was = page.evaluate("document.activeElement.getAttribute('formaction')")
        somebody_asks(line, 2, URGENT)
        page.evaluate("look()")
        expect(page.locator("#line .urgent")).to_be_visible()
        expect(page).to_have_title("! Queue")
        assert page.evaluate("document.activeElement.getAttribute('formaction')") == was
        page.context.set_offline(True)
        page.evaluate("look()")
        expect(page.get_by_text("Not up to date")).to_be_visible()
        page.context.set_offline(False)
        page.evaluate("look()")
        expect(page.get_by_text("Not up to date")).to_be_hidden()
