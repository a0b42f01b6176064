"""The real program, started as a user starts it: `python server.py serve --demo`."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY = re.compile(r"CallX is ready: (http://\S+)")
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 20


class RunningServer:
    """One server process over one data folder; start it again after a kill to see what it finds."""

    def __init__(self, data_dir: Path, *, environment: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.url = ""
        self._environment = {**_clean_environment(), **(environment or {})}
        self._process: asyncio.subprocess.Process | None = None
        self._log = data_dir.with_name(data_dir.name + ".log")

    async def start(self, *arguments: str) -> None:
        """Starts it with the demo content on a free port and waits for the ready line."""
        command = [sys.executable, "server.py", "serve", "--demo", "--port", "0", "--data-dir", str(self.data_dir)]
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, *arguments, cwd=ROOT, env=self._environment, stdout=asyncio.subprocess.PIPE, stderr=log
            )
        assert self._process.stdout is not None
        async with asyncio.timeout(START_TIMEOUT_S):
            while True:
                line = (await self._process.stdout.readline()).decode()
                assert line, f"The server did not start:\n{self.log()[-4_000:]}"
                if ready := READY.search(line):
                    self.url = ready[1]
                    return

    @property
    def pid(self) -> int:
        """The process, while it runs."""
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        """Everything it has logged."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    async def kill(self) -> None:
        """`kill -9`: no chance to tidy up."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        self._process = None

    async def stop(self) -> None:
        """An orderly stop, as Ctrl-C gives."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await self._process.wait()
        assert self._process.returncode == 0, self.log()[-4_000:]
        self._process = None


async def run_command(*arguments: str, timeout_s: float = 120) -> tuple[int, str]:
    """`python server.py …` to its end: exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "server.py",
        *arguments,
        cwd=ROOT,
        env=_clean_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(timeout_s):
        printed, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode(errors="replace")


def _clean_environment(kept: Sequence[str] = ("PATH", "HOME", "LANG", "TMPDIR")) -> dict[str, str]:
    return {name: os.environ[name] for name in kept if name in os.environ}
