"""A day without the service: what fell due meanwhile comes all at once when it is there again."""

from datetime import date, time
from zoneinfo import ZoneInfo

from faults import people
from faults.clocks import Clock
from faults.wishes import Wish
from ivr.config import Config
from ivr.db import Database, Transaction
from ivr.outreach import schedules
from ivr.outreach.recurrence import Rule
from ivr.outreach.schedules import Person
from ivr.people.contacts import Party
from ivr.people.windows import Law
from ivr.vault import Vault

DAY = 86_400_000
NAIROBI = ZoneInfo("Africa/Nairobi")
NO_LAW = Law({})
EARLIEST, LATEST = 9 * 60, 20 * 60  # in minutes of the day: when people may be disturbed
NOW, MARGIN = 10 * 60, 30  # it is ten, as it was a day ago; and nothing falls due anew while the run lasts


def fill(database_url: str, clock: Clock, wish: Wish) -> None:
    """So many people who are reminded daily, spread over the day. The service was last seen a day ago."""
    minutes = [*range(EARLIEST, NOW), *range(NOW + MARGIN, LATEST)]
    database = Database(database_url)
    config = Config.from_env(people.SETTINGS | {"DATABASE_URL": database_url})
    vault = Vault(config.data_keys, config.index_key)
    with database.transaction() as tx:
        for person in range(wish.count):
            party = people.known(tx, vault, person, clock.first - DAY)
            minute = minutes[person * len(minutes) // wish.count]
            _remind(tx, party, time(minute // 60, minute % 60), clock.first - DAY)
    database.close()


def _remind(tx: Transaction, party: Party, at: time, now: int) -> None:
    who = Person(str(party.contact_id), str(party.number_id), "KE", (NAIROBI,), None)
    wish = schedules.Wish(party.service_number, "sms", "checkin", Rule("daily", at, date(2026, 1, 1)))
    assert schedules.plan(tx, who, NO_LAW, wish, now)
