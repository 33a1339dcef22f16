"""The one runtime of a worker process."""

import gc
import os
import sys
from functools import cache

from dotenv import load_dotenv

from ivr.runtime import CANNOT_START, Runtime


@cache
def runtime() -> Runtime:
    """Made at first use; wrong settings or content end the process with a sentence that says which."""
    load_dotenv()
    try:
        house = Runtime.from_env(os.environ)
    except CANNOT_START as error:
        sys.exit(str(error))
    gc.freeze()  # flows and languages live as long as the process: no collection need walk through them
    return house
