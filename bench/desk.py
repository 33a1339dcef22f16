"""The desk: its first page with very many requests, and many counselors who take at once. `python -m bench.desk`."""

import http.client
import logging
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlencode

import psycopg
from flask import Flask
from flask_wtf.csrf import URLSafeTimedSerializer
from sqlalchemy import insert

from bench import line, ticking
from bench.figures import Figure, table
from bench.peers.raw_claims import CLAIM, plain
from bench.server import Server, served
from ivr import migrating
from ivr.app import create_app
from ivr.callbacks import requests
from ivr.callbacks.requests import Asking
from ivr.callbacks.wishes import Wish
from ivr.db import Statement
from ivr.models import SignIn
from ivr.people import contacts
from ivr.people.contacts import Party
from ivr.phone import Phone
from ivr.runtime import Runtime
from ivr.team import counselors, signins
from ivr.team.counselors import New

FEW, MANY = 100, 10_000
ROUNDS, LOOKS = 7, 20
COUNSELORS, ASKED = 32, 960
PROOF = "a-proof-of-the-bench"
Take = Callable[[], str]  # the short number of what one of them got; empty when nothing is left
Road = Callable[[int], Take]  # for the n-th of them
_SIGN_IN = Statement(insert(SignIn))


class Took(NamedTuple):
    """How a race went: requests a second; how many more one of them got than another; what went wrong."""

    rate: float
    spread: float
    wrong: int


def compare() -> list[Figure]:
    """The page on both databases, and taking on the one that lets several write at once."""
    return [*_pages(), *_takes()]


def ask(house: Runtime, first: int, last: int) -> None:
    """People `first` to `last` ask to be rung, in one transaction."""
    home, now = house.content.hours.zone, house.now()
    with house.database.transaction() as tx:
        for person in range(first, last):
            phone = Phone(f"+254711{person:06}", "KE")
            party = contacts.recognise(tx, house.vault, phone, Party("sms", house.line.number, "en"), now)
            asking = Asking(party, party.number_id or "", Wish(when="now"), home)
            requests.request(tx, house.vault, asking, now)


def signed_in(house: Runtime, app: Flask, login: str) -> str:
    """The cookie of a counselor who is signed in."""
    word, now = f"word-of-{login}", house.now()
    with house.database.transaction() as tx:
        new = New(login, "counselor", "en", ("en", "es", "sw"))
        id = counselors.add(tx, house.vault, new, "operator", now)
        tx.run(_SIGN_IN, id=signins.stored_as(word), counselor_id=id, epoch=0, began_at=now, seen_at=now)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"__Host-desk={serializer.dumps({'word': word, 'csrf_token': PROOF})}"


def _pages() -> Iterator[Figure]:
    for name, databases in (("SQLite", ticking.sqlite), ("PostgreSQL", ticking.postgresql)):
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
            address = stack.enter_context(databases(Path(folder)))
            few = stack.enter_context(_desk(Path(folder), address("few"), FEW))
            many = stack.enter_context(_desk(Path(folder), address("many"), MANY))
            rounds = [(_seconds(few), _seconds(many)) for _ in range(ROUNDS + 1)][1:]
        remark = f"{1000 * statistics.median(large for _, large in rounds):.1f} ms on this machine, today"
        ratios = [large / small for small, large in rounds]
        yield Figure(f"the queue page, {MANY:,} open, {name}", f"with {FEW}", ratios, at_most=3, remark=remark)


@contextmanager
def _desk(folder: Path, url: str, people: int) -> Iterator[Callable[[], int]]:
    house = _opened(line.settings(folder) | {"DATABASE_URL": url})
    with closing(house.database):
        app = create_app(house)
        client, cookie = app.test_client(use_cookies=False), signed_in(house, app, "first")
        ask(house, 0, people)
        yield lambda: client.get("/console/", headers={"Cookie": cookie}).status_code


def _opened(settings: dict[str, str]) -> Runtime:
    migrating.upgrade(settings["DATABASE_URL"])
    return line.opened(settings)[0]


def _seconds(look: Callable[[], int]) -> float:
    begun = time.perf_counter()
    answers = {look() for _ in range(LOOKS)}
    assert answers == {200}, answers
    return (time.perf_counter() - begun) / LOOKS


def _takes() -> Iterator[Figure]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, ticking.postgresql(Path(folder)) as address:
        settings = line.settings(Path(folder)) | {"DATABASE_URL": address("takes")}
        cookies = _prepared(settings)
        with served("wsgi:app", settings) as ours, served("bench.peers.raw_claims:app", settings) as bare:
            roads = [_over_http(ours, cookies), _over_http(bare, cookies), _raw(settings["DATABASE_URL"])]
            rounds = [[_race(settings["DATABASE_URL"], road) for road in roads] for _ in range(ROUNDS)]
    desk = [each[0] for each in rounds]
    what = f"{COUNSELORS} counselors take {ASKED} requests over HTTP"
    remark = f"{statistics.median(each.rate for each in desk):,.0f} a second on this machine, today"
    yield Figure(what, "SKIP LOCKED over HTTP", [ours.rate / bare.rate for ours, bare, _ in rounds], remark=remark)
    yield Figure("the same", "SKIP LOCKED, raw", [ours.rate / raw.rate for ours, _, raw in rounds], at_least=0.7)
    yield Figure("the same: most taken by one of them", "the fewest", [each.spread for each in desk], at_most=3)
    yield Figure("the same: taken twice, or by nobody", "", [each.wrong for each in desk], at_most=0, unit=" requests")


def _prepared(settings: dict[str, str]) -> list[str]:
    """The cookies of those who take, and requests that wait for them."""
    house = _opened(settings)
    with closing(house.database):
        app = create_app(house)
        ask(house, 0, ASKED)
        return [signed_in(house, app, f"c{n}") for n in range(COUNSELORS)]


def _race(url: str, road: Road) -> Took:
    """All of them take until there is none left."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute("UPDATE callbacks SET counselor_id = NULL, leased_until = NULL, state = 'requested'")
        connection.execute("VACUUM ANALYZE callbacks")  # as a database that has run for a while has done by itself
    taken: list[list[str]] = [[] for _ in range(COUNSELORS)]
    threads = [threading.Thread(target=_take_all, args=(road(n), taken[n])) for n in range(COUNSELORS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, all_taken = time.perf_counter() - begun, [ref for each in taken for ref in each]
    wrong = abs(ASKED - len(all_taken)) + len(all_taken) - len(set(all_taken))
    return Took(len(all_taken) / seconds, max(map(len, taken)) / max(1, min(map(len, taken))), wrong)


def _take_all(take: Take, into: list[str]) -> None:
    while ref := take():
        into.append(ref)


def _over_http(server: Server, cookies: list[str]) -> Road:
    """Each presses `Take the next one`, again and again, on a connection of their own."""

    def road(counselor: int) -> Take:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        kind = "application/x-www-form-urlencoded"
        headers = {"Cookie": cookies[counselor], "Content-Type": kind}
        body = urlencode({"csrf_token": _proof()})

        def take() -> str:
            connection.request("POST", "/console/next", body, headers)
            answer = connection.getresponse()
            answer.read()
            to = answer.headers["Location"] or ""
            assert answer.status == 303, answer.status
            return to.partition("/requests/")[2].partition("?")[0]

        return take

    return road


def _raw(url: str) -> Road:
    """Each with a connection to the database of their own."""

    def road(counselor: int) -> Take:  # noqa: ARG001 - whoever it is
        connection = psycopg.connect(plain(url), autocommit=True)

        def take() -> str:
            row = connection.execute(CLAIM).fetchone()
            if row is None:
                connection.close()
            return str(row[0]) if row else ""

        return take

    return road


def _proof() -> str:
    """What a form of theirs holds: the word of their session, signed."""
    return str(URLSafeTimedSerializer("certainly-not-a-secret", salt="wtf-csrf-token").dumps(PROOF))


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(table(compare()))
