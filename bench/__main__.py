import logging
from bench import rounds,instructions
from bench.figures import table
if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(table(instructions.count()))
