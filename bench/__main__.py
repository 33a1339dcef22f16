"""`make bench`: all figures in one table, measured side by side on this machine."""

from bench import rounds
from bench.figures import table

if __name__ == "__main__":
    print(table(rounds.compare()))
