"""Folders of programs that use a package from npm, installed as their lock file says when a test first needs them."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

TIMEOUT_S = 120
_TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class NpmFolder:
    """Programs for Node beside a `package.json`; `package` is the one that they try."""

    path: Path
    package: str

    async def run(self, *command: str) -> tuple[int, str]:
        """Exit status and output of a program that runs in the folder; what it complains of too when it fails."""
        process = await asyncio.create_subprocess_exec(
            *command, cwd=self.path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(TIMEOUT_S):
            output, errors = await process.communicate()
        assert process.returncode is not None
        return process.returncode, (output if process.returncode == 0 else output + errors).decode()

    async def install(self) -> None:
        """Installs the package unless it is there; where that is impossible the test is skipped, loudly."""
        if not (shutil.which("node") and shutil.which("npm")):
            self._skip("Node and npm are not installed.")
        if not (self.path / "node_modules" / self.package).is_dir():
            status, output = await self.run("npm", "ci", "--ignore-scripts")
            if status:
                self._skip(f"npm could not install it: {output.strip().splitlines()[-1:]}")

    def _skip(self, reason: str) -> None:
        pytest.skip(f"!!! the real {self.package} was not tried: {reason}")


SUPABASE_JS = NpmFolder(_TESTS / "app" / "supabase_js", "@supabase/supabase-js")
TUS_JS = NpmFolder(_TESTS / "app" / "tus_js", "tus-js-client")
