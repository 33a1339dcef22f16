"""Counts for those who watch the line, as Prometheus reads them. No number and no id is ever a label.

They are read from the database when they are asked for: all processes tell the same.
"""

from collections.abc import Iterator

from flask import Flask, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ivr import erasures
from ivr.callbacks import alerts, queue
from ivr.db import Transaction
from ivr.outages.turns import TooLate
from ivr.outbox import counts
from ivr.runtime import Runtime
from ivr.transactions import in_transaction

DAY = 86_400_000  # ms
TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Line(Collector):
    """What is in the outbox and what waits, at the moment of asking."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def collect(self) -> Iterator[Metric]:
        """Each figure with its name."""
        yield from in_transaction(self.runtime, lambda tx: list(_figures(tx, self.runtime.now())))


def _figures(tx: Transaction, now: int) -> Iterator[Metric]:
    yield _rows(tx, now)
    yield _paused(tx, now)
    yield _gauge("oldest_due_seconds", "How long the oldest row that is due has waited", _age(tx, now))
    yield _gauge("callbacks_waiting", "Requests for a counselor's call", queue.counts(tx, now).open)
    yield _gauge("alerts_open", "Alerts that nobody on duty has answered", len(alerts.waiting(tx)))
    waiting = erasures.count(tx).waiting
    yield _gauge("copies_waiting", "Copies at the carrier of erased people that are not gone yet", waiting)
    tick = counts.marked(tx, "tick")
    yield _gauge("last_tick_seconds", "Since the clock last ticked", (now - tick) / 1000 if tick else -1)


def register(app: Flask, runtime: Runtime) -> None:
    """Adds /metrics, which tells counts only."""
    registry = CollectorRegistry()
    registry.register(Line(runtime))

    @app.get("/metrics")
    def metrics() -> Response:
        try:
            return Response(generate_latest(registry), content_type=TYPE)
        except TooLate:  # whoever watches is not to hold up a thread that callers need
            return Response(status=503)


def _rows(tx: Transaction, now: int) -> Metric:
    labels = ("channel", "kind", "state", "why")
    family = GaugeMetricFamily("warmline_outbox_rows", "Rows of the outbox made within a day", labels=labels)
    for count in counts.counts(tx, now - DAY):
        family.add_metric([count.channel, count.kind, count.state, count.why], count.rows)
    return family


def _paused(tx: Transaction, now: int) -> Metric:
    paused = sum(line.paused_until > now for line in counts.lines(tx))
    return _gauge("senders_paused", "Our numbers by which nothing goes out now", paused)


def _age(tx: Transaction, now: int) -> float:
    oldest = counts.oldest_due(tx, now)
    return (now - oldest) / 1000 if oldest else 0.0


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"warmline_{name}", about, value=value)
