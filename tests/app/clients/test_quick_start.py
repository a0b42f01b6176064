"""Every example of docs/rest.md runs as it stands there, and prints what it says."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from tests.app.clients.conftest import Demo
from tests.app.clients.programs import module, page, script
from tests.support.documents import check_promises, examples
from tests.support.npm import NpmFolder
from tests.support.python_client import PythonClient
from tests.support.running_server import ROOT

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

DOCUMENT = ROOT / "docs" / "rest.md"
SPECIFICATION = Path(__file__).with_name("specification_section_8.md")
TIMEOUT_S = 60


async def test_the_examples_of_the_specification_stand_in_it():
    there = [example.text for example in examples(DOCUMENT, "typescript")]
    assert there == [example.text for example in examples(SPECIFICATION, "typescript")]


async def test_the_examples_for_supabase_js(supabase_js: NpmFolder, demo: Demo):
    found = examples(DOCUMENT, "javascript", "typescript")
    program = page(found, may_fail="'ai-call-simulation'")
    status, output = await supabase_js.run(
        "node", "--input-type=module", "--eval", program, "--", "page", demo.url, demo.key
    )
    assert status == 0, output
    check_promises(found, output)


async def test_the_examples_for_python(supabase_py: PythonClient, demo: Demo, tmp_path: Path):
    found = examples(DOCUMENT, "python")
    program = tmp_path / "quick_start.py"
    program.write_text(module(found))
    where = {"SUPABASE_URL": demo.url, "SUPABASE_ANON_KEY": demo.key}
    check_promises(found, await supabase_py.run(program, environment=where))


async def test_the_examples_for_curl(demo: Demo):
    if not (shutil.which("bash") and shutil.which("curl") and (ROOT / ".venv" / "bin" / "python").exists()):
        pytest.skip("!!! the examples for curl were not tried: they need bash, curl and the .venv of `make install`.")
    found = examples(DOCUMENT, "bash")
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", script(found, server=demo.url)),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "CALLX_DATA_DIR": str(demo.data_dir)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(TIMEOUT_S):
        output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    check_promises(found, output.decode())
