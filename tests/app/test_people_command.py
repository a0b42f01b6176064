"""`server.py people import` against a real database."""

import asyncio
import csv

import asyncpg
import pytest

import server
from tests.people import CAST, Cast

pytestmark = pytest.mark.usefixtures("logging_as_before")

FILE = "E-Mail;Name;Roles;Manager\nnora@callx.example;Nora;;max@callx.example\nmax@callx.example;Max;manager;\n"


@pytest.fixture
def people_import(owner_dsn, cast: Cast, tmp_path, monkeypatch, capsys):
    """Runs the command on a file of this text; its exit status and what it printed."""
    monkeypatch.setenv("DATABASE_URL", owner_dsn)

    def run(text, *options):
        file = tmp_path / "people.csv"
        file.write_text(text, encoding="utf-8")
        status = server.main(["people", "import", str(file), "--data-dir", str(tmp_path / "data"), *options])
        return status, capsys.readouterr()

    return run


@pytest.fixture
def ask(owner_dsn):
    """The rows of a query, asked as the superuser."""

    async def fetch(sql):
        connection = await asyncpg.connect(owner_dsn)
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    return lambda sql: asyncio.run(fetch(sql))


def test_a_dry_run_then_an_import_then_nothing_to_do(people_import, ask):
    status, printed = people_import(FILE, "--dry-run")
    assert status == 0
    assert printed.out.splitlines()[1].split() == ["2", "nora@callx.example", "create"]
    assert printed.out.endswith("2 create, 0 update, 0 unchanged, 0 error.\nThis was a dry run: nothing was changed.\n")
    assert "2 create" in people_import(FILE, "--actor", "ADA@callx.example")[1].out
    assert people_import(FILE)[1].out == "0 create, 0 update, 2 unchanged, 0 error.\n"
    events = ask(
        "select distinct actor_id, actor_role, left(request_id, 7) from public.audit_events"
        " where action = 'person.created'"
    )
    assert events == [(CAST.ada.user_id, "admin", "import-")]


def test_errors_are_shown_and_written_into_the_result(people_import, tmp_path, ask):
    result = tmp_path / "result.csv"
    status, printed = people_import(FILE + "nobody;;boss;\n", "--result", str(result))
    assert status == 1
    assert "There is no role `boss`" in printed.out
    assert "Nothing was changed." in printed.out
    assert ask("select count(*) from auth.users") == [(5,)]
    lines = list(csv.DictReader(result.read_text("utf-8").splitlines()))
    assert [(line["row"], line["outcome"], line["column"]) for line in lines] == [
        ("2", "create", ""), ("3", "create", ""), ("4", "error", "email"), ("4", "error", "roles"),
    ]  # fmt: skip
    status, printed = people_import(FILE + "nobody;;boss;\n", "--skip-errors")
    assert status == 1
    assert ask("select count(*) from auth.users") == [(7,)]


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("name\nx\n", (), "missing_column"),
        (FILE, ("--actor", "mira@callx.example"), "not_admin"),
        (FILE, ("--actor", "nobody@callx.example"), "user_not_found"),
        (FILE, ("--result", "no/such/folder/result.csv"), "result_not_writable"),
    ],
)
def test_what_cannot_be_done_is_told(people_import, ask, text, options, code):
    status, printed = people_import(text, *options)
    assert status == 2
    assert f"[{code}]" in printed.err
    assert ask("select count(*) from auth.users") == [(5,)]


def test_a_file_that_is_not_there_is_told(tmp_path, capsys):
    assert server.main(["people", "import", str(tmp_path / "none.csv")]) == 2
    assert "[no_such_file]" in capsys.readouterr().err
