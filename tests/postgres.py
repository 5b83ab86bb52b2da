"""A real PostgreSQL server for a test session, from the system's own binaries, gone without a trace at the end."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from select import select

import psycopg

MISSING = "PostgreSQL server not installed (apt install postgresql)"
_NEEDED = ("initdb", "postgres")
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; ``address`` lacks only the name of a database at its end."""

    address: str

    @contextmanager
    def database(self, template: str = "template0", name: str = "") -> Iterator[str]:
        """Give the address of a database of one's own, copied from ``template`` and dropped at the end."""
        name = name or f"test_{next(_NUMBERS)}"
        with psycopg.connect(f"{self.address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
            try:
                yield f"{self.address}/{name}"
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def binaries() -> Path | None:
    """Find the folder with the server's programs, the newest version first; None where there is none."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: float(found.parent.name))
    on_path = shutil.which("initdb")
    places = [*reversed(versions), *([Path(on_path).resolve().parent] if on_path else [])]
    return next((place for place in places if all((place / name).is_file() for name in _NEEDED)), None)


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """Start a server on a free port of the loopback address, and stop it at the end."""
    # PostgreSQL refuses to run as root; whoever else runs the tests runs it as herself.
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig=INT"]
    whom = as_nobody if os.geteuid() == 0 else []
    password = secrets.token_hex()
    with tempfile.TemporaryDirectory(prefix="halqa-postgres-", dir=_fast_place(), ignore_cleanup_errors=True) as made:
        folder, data, log = Path(made), Path(made) / "data", Path(made) / "log"
        secret = folder / "password"
        secret.write_text(password, "utf-8")
        if whom:
            shutil.chown(folder, "nobody", "nogroup")
            shutil.chown(secret, "nobody", "nogroup")
        options = ["--username=halqa", "--auth=password", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C"]
        _run([*whom, str(programs / "initdb"), f"--pgdata={data}", "--no-sync", *options], folder)
        port = _free_port()
        # What these databases hold is thrown away, so nothing needs to outlive a power cut.
        settings = ["listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories="]
        settings += ["fsync=off", "min_wal_size=32MB", "max_wal_size=128MB"]
        server = [str(programs / "postgres"), "-D", str(data), *(part for one in settings for part in ("-c", one))]
        with log.open("wb") as out, subprocess.Popen([*whom, *server], stdout=out, stderr=out, cwd=folder) as process:
            try:
                address = f"postgresql://halqa:{password}@127.0.0.1:{port}"
                _await(address, process, log)
                yield Server(address)
            finally:
                process.send_signal(2)  # a fast shutdown: connections are closed, nothing is waited for
                process.wait(30)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode:
        raise RuntimeError(f"{command} failed: {done.stdout}{done.stderr}")


def _fast_place() -> str | None:
    # In memory a new database takes 15 ms, on a busy disk half a second; containers may have 64 MB there, too little.
    memory = Path("/dev/shm")  # noqa: S108 - the folder in it is ours alone
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    return str(memory) if roomy else None


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        try:
            psycopg.connect(f"{address}/postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None:
                break
            select([], [], [], 0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text('utf-8', 'replace')}")
