"""`make desk`: how to sign in at the pages of the demo. Its counselor came in by the very link that anybody gets."""

import http.cookiejar
import re
import time
import urllib.parse
import urllib.request
from html import unescape
from pathlib import Path

from dotenv import dotenv_values, set_key
from pyotp import TOTP

LOGIN = "demo"
PASSWORD = "four little demo boats"
SAID = re.compile(r"(/console/welcome/[\w-]+)")


def accept(site: str, said: str, keys: Path) -> None:
    """Opens the link that the command printed, chooses a password, and keeps the authenticator's secret."""
    link = SAID.search(said)
    if link is None:
        raise LookupError("the command printed no link")
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(_jar()))
    address = site + link[1]
    page = browser.open(address).read().decode()
    fields = {name: unescape(_hidden(page, name)) for name in ("csrf_token", "secret")}
    typed = fields | {"password": PASSWORD, "code": TOTP(fields["secret"]).now()}
    browser.open(address, urllib.parse.urlencode(typed).encode()).close()
    set_key(keys, "DEMO_AUTHENTICATOR", fields["secret"])


def told(site: str, keys: Path) -> str:
    """Name, password and the code of this half minute; empty before there is an account."""
    secret = dotenv_values(keys).get("DEMO_AUTHENTICATOR") if keys.exists() else None
    if not secret:
        return ""
    left = 30 - int(time.time()) % 30
    code = f"{TOTP(secret).now()}   (for {left} s, once)"
    return f"{site}/console/\n  name      {LOGIN}\n  password  {PASSWORD}\n  code      {code}"


def _jar() -> http.cookiejar.CookieJar:
    """Sends its cookies back though the demo has no TLS, as browsers do on their own machine."""
    policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
    return http.cookiejar.CookieJar(policy)


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    if found is None:
        raise LookupError(f"the page has no field {name}")
    return found[1]
