"""The web process: `gunicorn wsgi:app`, or `flask --app wsgi …` for the commands."""

import os
import sys

from dotenv import load_dotenv

from ivr.app import create_app
from ivr.runtime import CANNOT_START, Runtime

load_dotenv()
try:
    app = create_app(Runtime.from_env(os.environ))
except CANNOT_START as error:
    sys.exit(str(error))
