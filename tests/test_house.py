"""Promises that the house makes about itself: doors shut, settings documented, rooms small."""

import ast
import statistics
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
from people import a_line

from ivr import checking
from ivr.app import OPEN
from ivr.config import Config
from ivr.runtime import HOME

ROOMS = ("ivr", "workers", "simulator", "bench", "faults")
PYTHON = [path for room in ROOMS for path in sorted((HOME / room).rglob("*.py")) if "migrations" not in path.parts]
TESTS = sorted((HOME / "tests").glob("*.py"))


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]


def length(function: ast.FunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def test_every_door_asks_for_the_carriers_signature_but_those_that_are_named(sqlite_url: str) -> None:
    with a_line(sqlite_url) as line:
        app = line.client.application
        for rule in app.url_map.iter_rules():
            if rule.endpoint not in OPEN and not rule.endpoint.startswith("console."):  # see test_access
                path = rule.rule.replace("<language>", "en").replace("<int:turn>", "1")
                assert line.client.post(path).status_code == 403, rule


def test_open_doors_tell_nothing_about_anybody(sqlite_url: str) -> None:
    with a_line(sqlite_url) as line:
        assert line.client.get("/healthz").json == {"alive": True}
        ready = line.client.get("/readyz")
        parts = {"database": True, "redis": False, "spool": True, "texts_kept": 0}
        ages = {"last_tick": None, "oldest_due": None}
        assert (ready.status_code, ready.json) == (503, parts | ages)
        for path in (
            "/audio/en/..%2f..%2fwsgi.py",
            "/audio/xx/a.mp3",
            "/audio/sw/index.csv",
            "/audio/sw/language.yaml",
        ):
            assert line.client.get(path).status_code == 404


@pytest.mark.parametrize("file", ["docs/operators.md", ".env.example"])
def test_every_setting_is_documented(file: str) -> None:
    text = (HOME / file).read_text()
    assert [field.name.upper() for field in fields(Config) if field.name.upper() not in text] == []


def test_the_procfile_holds_the_four_processes() -> None:
    names = [line.partition(":")[0] for line in (HOME / "Procfile").read_text().splitlines()]
    assert names == ["release", "web", "worker", "clock"]


def test_the_shipped_flows_and_languages_pass_every_check() -> None:
    assert [str(problem) for problem in checking.problems(HOME) if problem.severity == "error"] == []


def test_functions_and_modules_stay_small() -> None:
    lengths = [length(function) for path in PYTHON for function in functions(path)]
    assert statistics.median(lengths) <= 6
    long = [f"{path.name}:{f.name} {length(f)}" for path in PYTHON for f in functions(path) if length(f) > 40]
    large = [path.name for path in PYTHON if len(path.read_text().splitlines()) > 250]
    large += [path.name for path in TESTS if len(path.read_text().splitlines()) > 400]
    assert (long, large) == ([], [])


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.name
        for path in PYTHON + TESTS
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_there_are_no_rooms_for_leftovers() -> None:
    leftovers = {"utils", "helpers", "managers", "services", "common", "handlers", "repositories"}
    assert [path for path in PYTHON if leftovers & {path.stem, *(parent.name for parent in path.parents)}] == []


def test_no_file_holds_what_must_never_go_in() -> None:
    files = subprocess.run(["git", "ls-files"], cwd=HOME, capture_output=True, text=True, check=True).stdout.split()
    never = ["/".join(("", "work", "")), "/".join(("", "root", "")), "pypi" + ".org", "npmjs" + ".org"]
    found = [
        (name, word)
        for name in files
        if Path(name).suffix in (".py", ".md", ".yaml", ".toml", ".txt", ".po", ".js", ".html", ".css", "")
        for word in never
        if word in (HOME / name).read_text(errors="replace")
    ]
    assert found == []
