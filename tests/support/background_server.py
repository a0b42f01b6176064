"""`python server.py …` in the background, for fixtures that outlive one test and its event loop."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 40
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


class BackgroundProcess:
    """A process that says on its standard output when it is ready. Everything here blocks."""

    def __init__(self, *command: str, log: Path, environment: Mapping[str, str]) -> None:
        self._command = command
        self._log = log
        self._environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | dict(environment)
        self._process: subprocess.Popen[str] | None = None

    def start(self, ready: str) -> re.Match[str]:
        """Starts it; what matched `ready` in its output."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._command],
                cwd=ROOT,
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_read, args=(self._process, lines), daemon=True).start()
        until = time.monotonic() + START_TIMEOUT_S
        try:
            while line := lines.get(timeout=max(0.1, until - time.monotonic())):
                if found := re.search(ready, line):
                    return found
        except queue.Empty:
            pass
        self.kill()
        raise AssertionError(f"It did not start:\n{self.log()[-4_000:]}")

    def kill(self) -> None:
        """`kill -9`, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(STOP_TIMEOUT_S)
            self._process = None

    def stop(self) -> None:
        """An orderly stop."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            status = self._process.wait(STOP_TIMEOUT_S)
            self._process = None
            assert status == 0, self.log()[-4_000:]

    def log(self) -> str:
        """Everything that it has logged."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""


class BackgroundServer(BackgroundProcess):
    """One server on a free port; its settings are those of `environment`."""

    def __init__(self, data_dir: Path, *options: str, environment: Mapping[str, str]) -> None:
        command = ("server.py", "serve", "--port", "0", "--data-dir", str(data_dir), *options)
        super().__init__(*command, log=data_dir.with_name(data_dir.name + ".log"), environment=environment)
        self.data_dir = data_dir
        self.url = ""

    def serve(self) -> None:
        """Starts it and learns its address."""
        self.url = self.start(r"CallX is ready: (http://\S+)")[1]


def _read(process: "subprocess.Popen[str]", lines: "queue.Queue[str]") -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            lines.put(line)
    lines.put("")
