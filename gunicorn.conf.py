"""How gunicorn logs: as all processes here do. Whoever turns its access log on gets paths without their queries."""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from ivr import logs

access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"


class Lines(Logger):
    """gunicorn's own, without handlers of its own."""

    def setup(self, cfg: Config) -> None:
        """After gunicorn has set up what it wants."""
        super().setup(cfg)
        logs.configure()


logger_class = Lines
