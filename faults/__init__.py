"""Fault runs: workers, Redis and the carrier fail, and nothing is lost or sent twice. `make faults`."""
