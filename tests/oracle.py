"""Twilio's own segment calculator, asked through node, where both are found."""

import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType

PACKAGE = "sms-segments-calculator"
HOME = Path(__file__).parent.parent
PLACES = (HOME / "var" / "npm" / "node_modules", HOME / "var" / "node_modules", HOME / "node_modules")
_PROGRAM = """
const {SegmentedMessage} = require(process.argv[1]);
require('readline').createInterface({input: process.stdin}).on('line', line => {
  const found = new SegmentedMessage(JSON.parse(line));
  console.log(JSON.stringify([found.encodingName, found.segmentsCount]));
});
"""


def found() -> tuple[str, Path] | None:
    """node and the package, or None."""
    node = shutil.which("node")
    package = next((place / PACKAGE for place in PLACES if (place / PACKAGE).is_dir()), None)
    return (node, package) if node and package else None


class Calculator:
    """One node process, which answers a line with a line."""

    def __init__(self, node: str, package: Path) -> None:
        self._process = subprocess.Popen(
            [node, "-e", _PROGRAM, str(package)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "Calculator":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def segments(self, text: str) -> tuple[str, int]:
        """Encoding and number of parts."""
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        return tuple(json.loads(self._process.stdout.readline()))
