"""A carrier on this machine's loopback, fast enough for fault runs and benches. `python -m bench.loopback --help`."""
