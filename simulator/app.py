"""The program: the REST API for the service, and phones for people."""

from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request

from simulator import phones
from simulator.faults import Fault
from simulator.live import LiveNetwork
from simulator.network import Network
from simulator.rest import calls, messages, recordings
from simulator.rest.guard import guard, network


def create_app(net: Network[Any]) -> Flask:
    """The API over this network; a live one has phones too."""
    app = Flask(__name__)
    app.extensions["network"] = net
    api = Blueprint("api", __name__, url_prefix="/2010-04-01/Accounts/<account>")
    guard(api)
    for part in (messages, calls, recordings):
        part.register(api)
    app.register_blueprint(api)
    app.get("/ledger.json")(_ledger)
    app.get("/problems.json")(_problems)
    app.post("/faults")(_faults)
    if isinstance(net, LiveNetwork):
        phones.register(app, net)
    return app


def _ledger() -> Response:
    """What was really accepted, in order, after the first `?after=N`: the ground truth."""
    return jsonify(network().ledger[request.args.get("after", 0, int) :])


def _problems() -> Response:
    """What Twilio's debugger would show."""
    return jsonify([{**vars(problem), "at": problem.at.isoformat()} for problem in network().problems])


def _faults() -> tuple[Response, int]:
    """Orders trouble: a JSON list like [{"kind": "failed", "code": 30005, "to": "+254711000001"}, "none", "429"]."""
    ordered = request.get_json()
    try:
        faults = [Fault(item) if isinstance(item, str) else Fault(**item) for item in ordered]
        network().faults.order(faults)
    except (TypeError, ValueError) as error:
        return jsonify(error=str(error)), 400
    return jsonify(ordered=len(faults)), 201
