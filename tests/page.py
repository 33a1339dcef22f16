"""A counselor at the page, as their browser is: cookies, and forms with what is hidden in them."""

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

import pyotp
from people import Line
from werkzeug.test import TestResponse

from ivr.team import counselors, invitations
from ivr.team.counselors import New

PASSWORD = "seven green boats at noon"  # of the tests


@dataclass
class Browser:
    """Somebody before the page. `page` is what they see now, `status` how it was answered."""

    line: Line
    login: str = ""
    secret: str = ""
    page: str = ""
    status: int = 0
    sizes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = self.line.client.application.test_client()  # type: ignore[attr-defined]
        self.client.environ_base["REMOTE_ADDR"] = "10.0.0.1"

    @property
    def code(self) -> str:
        """What their authenticator shows now."""
        return pyotp.TOTP(self.secret).at(self.line.clock.now() // 1000)

    def sees(self, path: str, **headers: str) -> str:
        """Opens a page below /console."""
        return self._took(self.client.get(f"/console{path}", headers=headers, base_url="https://line.example.org"))

    def sends(self, path: str, **fields: str) -> str:
        """Sends a form of the page they see, with its hidden fields, and follows to where it leads."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page)
        hidden = {"csrf_token": token[1]} if token else {}
        return self._took(self.posts(path, **hidden | fields))

    def posts(self, path: str, **fields: str) -> TestResponse:
        """Sends a form as it stands."""
        return self.client.post(f"/console{path}", data=fields, base_url="https://line.example.org")

    def signs_in(self, password: str = PASSWORD, code: str = "", login: str = "") -> str:
        """With a code that was not used yet: half a minute passes."""
        self.line.later(seconds=31)
        self.sees("/sign-in")
        typed = {"login": login or self.login, "password": password, "code": code or self.code}
        return self.sends("/sign-in", **typed)

    def _took(self, response: TestResponse) -> str:
        if response.status_code == 303:
            to = urlsplit(response.headers["Location"])
            return self.sees(to.path.removeprefix("/console") + (f"?{to.query}" if to.query else ""))
        self.status, self.page = response.status_code, unescape(response.get_data(as_text=True))
        return self.page


def invited(line: Line, login: str = "first", role: str = "counselor", **how: object) -> str:
    """Somebody new at the desk; the path of their invitation."""
    new = New(login, role, **{"language": "en", "speaks": ("en", "es", "sw")} | how)  # type: ignore[arg-type]
    with line.runtime.database.transaction() as tx:
        id = counselors.add(tx, line.runtime.vault, new, "operator", line.clock.now())
        return f"/welcome/{invitations.invite(tx, id, 'operator', line.clock.now())}"


def accepts(browser: Browser, path: str, password: str = PASSWORD) -> str:
    """Chooses a password and sets up an authenticator, as the page of the invitation asks."""
    browser.sees(path)
    found = re.search(r'name="secret" value="([^"]+)"', browser.page)
    assert found
    browser.secret = found[1]
    return browser.sends(path, secret=browser.secret, password=password, code=browser.code)


def at_the_desk(line: Line, login: str = "first", role: str = "counselor", **how: object) -> Browser:
    """Somebody who is signed in."""
    browser = Browser(line, login)
    accepts(browser, invited(line, login, role, **how))
    browser.signs_in()
    assert browser.status == 200, browser.page
    return browser
