"""`server.py verify-call` against a real database and a real store."""

import asyncio
import hashlib
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

import server
from tests.people import CAST, Cast

pytestmark = pytest.mark.usefixtures("logging_as_before")

SOUND = b"OggS and so on"
MADE = """
insert into public.products (title) values ('A course');
insert into public.modules (product_id, title, order_index) select id, 'A module', 1 from public.products;
insert into public.lessons (module_id, title, lesson_type, order_index)
  select id, 'A call', 'simulation', 1 from public.modules;
insert into public.simulations (lesson_id, scenario_description, ai_system_prompt, passing_grade)
  select id, 'A customer calls.', 'Be angry.', 80 from public.lessons where lesson_type = 'simulation';
"""


@pytest.fixture
def run(owner_dsn, cast: Cast, tmp_path: Path, monkeypatch, capsys):
    """Runs the command for a call; its exit status and all that it printed."""
    monkeypatch.setenv("DATABASE_URL", owner_dsn)

    def verify(call_id):
        status = server.main(["verify-call", str(call_id), "--data-dir", str(tmp_path / "data")])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return verify


@pytest.fixture
def execute(owner_dsn):
    """A statement of the superuser."""

    async def fetch(sql, *values):
        connection = await asyncpg.connect(owner_dsn)
        try:
            return await connection.fetchval(sql, *values) if values else await connection.execute(sql)
        finally:
            await connection.close()

    return lambda sql, *values: asyncio.run(fetch(sql, *values))


@pytest.fixture
def call_id(run, execute, tmp_path: Path):
    """A call with one turn and a recording in the store of the data directory."""
    execute(MADE)
    made = execute(
        """insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed)
           select $1, id, 'exam', 'live', '\\x00', 7 from public.simulations returning id""",
        CAST.tess.user_id,
    )
    execute(
        """insert into public.call_turns (call_id, number, speaker, text, start_ms, end_ms)
           values ($1, 1, 'user', 'Hello.', 0, 900)""",
        made,
    )
    execute(
        """insert into public.recordings (call_id, state, object_key, sha256, size_bytes, duration_ms)
           values ($1, 'ready', 'recordings/x.ogg', $2, 14, 900)""",
        made,
        hashlib.sha256(SOUND).hexdigest(),
    )
    store(tmp_path, SOUND)
    return made


def store(tmp_path: Path, sound: bytes) -> None:
    """The recording as it lies in the store."""
    file = tmp_path / "data" / "objects" / "recordings" / "x.ogg"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(sound)


def test_a_call_is_as_it_was_sealed(run, call_id):
    status, printed = run(call_id)
    assert status == 0, printed
    assert "Everything of this call, its recording is as it was sealed: 3 events" in printed


def test_another_word_and_another_sound_are_told(run, call_id, execute, tmp_path):
    execute("update public.call_turns set text = 'Goodbye.'")
    store(tmp_path, SOUND + b"!")
    status, printed = run(call_id)
    assert status == 1
    assert "Turn t1 is not as it was sealed." in printed
    assert "The recording is not as it was sealed." in printed


def test_a_recording_that_is_gone_is_told(run, call_id, tmp_path):
    (tmp_path / "data" / "objects" / "recordings" / "x.ogg").unlink()
    assert run(call_id)[1].strip().endswith("The recording is gone from the store.")


def test_a_call_without_a_log_and_none_at_all(run, call_id, execute):
    never_answered = execute(
        """insert into public.calls (user_id, simulation_id, mode, token_hash, seed)
           select $1, id, 'exam', '\\x00', 7 from public.simulations returning id""",
        CAST.tess.user_id,
    )
    assert run(never_answered)[0] == 1
    status, printed = run(uuid4())
    assert (status, "[call_not_found]" in printed) == (2, True)
    assert "[not_an_id]" in run("the last one")[1]
