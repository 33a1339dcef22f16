# mypy: disable-error-code="import-not-found"
"""RapidSMS as its documentation sets it up: blocking router, message log, database backend; commits as durable as ours.

`python -m bench.peers.sms_menu.site` makes its tables.
"""

import os

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="not-a-secret",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="bench.peers.sms_menu.urls",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["DATABASE_URL"].removeprefix("sqlite:///"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
            },
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "rapidsms",
        "rapidsms.backends.database",
        "rapidsms.contrib.messagelog",
        "bench.peers.sms_menu",
    ],
    INSTALLED_BACKENDS={"carrier": {"ENGINE": "rapidsms.backends.database.DatabaseBackend"}},
    RAPIDSMS_ROUTER="rapidsms.router.blocking.BlockingRouter",
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    LOGGING_CONFIG=None,
)
django.setup()

if __name__ == "__main__":
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
else:
    from django.core.wsgi import get_wsgi_application

    app = get_wsgi_application()
