"""The Python client of Supabase in a virtual environment of its own, made when a test first needs it.

Its dependencies are not ours: it needs an older `websockets` than the server.
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

TIMEOUT_S = 180


@dataclass(frozen=True)
class PythonClient:
    """A folder with `requirements.txt` and programs that need what it names."""

    path: Path

    async def run(self, program: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """What a program prints. It must end well."""
        status, output = await _run(str(self._python), str(program), *arguments, environment=environment)
        assert status == 0, output
        return output

    async def install(self) -> None:
        """Installs it unless just this is there; where that is impossible the test is skipped, loudly."""
        wanted, installed = self.path / "requirements.txt", self.path / ".venv" / "installed.txt"
        if installed.exists() and installed.read_text() == wanted.read_text():
            return
        steps = (
            (sys.executable, "-m", "venv", "--clear", str(self.path / ".venv")),
            (str(self._python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(wanted)),
        )
        for step in steps:
            status, output = await _run(*step)
            if status:
                pytest.skip(f"!!! the real supabase for Python was not tried: {output.strip().splitlines()[-1:]}")
        installed.write_text(wanted.read_text())

    @property
    def _python(self) -> Path:
        return self.path / ".venv" / "bin" / "python"


async def _run(*command: str, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(TIMEOUT_S):
        output, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (output if process.returncode == 0 else output + errors).decode()
