"""The web process: `gunicorn wsgi:app`, or `flask --app wsgi …` for the commands."""

import os
import sys

from dotenv import load_dotenv

from ivr import cli, logs
from ivr.app import create_app
from ivr.runtime import CANNOT_START, Runtime

load_dotenv()
logs.configure()
try:
    app = create_app(Runtime.from_env(os.environ))
    cli.register(app)
except CANNOT_START as error:
    sys.exit(str(error))
