"""What the command line says of settings that cannot be: a sentence, never a traceback."""

import pytest

import server

pytestmark = pytest.mark.usefixtures("logging_as_before")


@pytest.fixture
def said(monkeypatch, capsys, tmp_path):
    """Runs a command under these settings; its exit status and what it said on standard error."""

    def run(*command, data_dir=tmp_path / "data", **settings):
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        status = server.main([*command, "--data-dir", str(data_dir)])
        return status, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"CALLX_PORT": "abc"}, "CALLX_PORT or --port is wrong: "),
        ({"CALLX_SPEECH_WORKERS": "0"}, "CALLX_SPEECH_WORKERS is wrong: "),
        ({"CALLX_LOG_LEVEL": "loud"}, "CALLX_LOG_LEVEL is wrong: "),
        ({"CALLX_SECRET": "short"}, "CALLX_SECRET must have at least 32 characters. [weak_secret]"),
    ],
)
def test_a_wrong_setting_is_named_as_the_operator_gave_it(said, settings, words):
    status, printed = said("keys", **settings)
    assert status == 2
    assert printed.startswith(words)
    assert printed.count("\n") == 1
    assert "short" not in printed


def test_a_log_level_may_be_small(said):
    assert said("keys", CALLX_LOG_LEVEL="debug")[0] == 0


def test_a_data_directory_that_cannot_be_made_is_named(said, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    status, printed = said("keys", data_dir=file)
    assert (status, printed.count("\n")) == (2, 1)
    assert f"The data directory {file} cannot be used" in printed


@pytest.mark.parametrize(
    ("dsn", "words"),
    [
        ("postgresql://nobody:sesame@127.0.0.1:1/callx", "Connect call failed"),
        ("nonsense", "invalid DSN"),
        ("postgresql://nobody:sesame/open@127.0.0.1/callx", "malformed"),
    ],
)
def test_a_database_that_is_not_there_is_told_without_its_password(said, dsn, words):
    status, printed = said("migrate", DATABASE_URL=dsn)
    assert (status, printed.count("\n")) == (2, 1)
    assert "The database cannot be reached" in printed
    assert words in printed
    assert "sesame" not in printed


def test_a_storage_of_an_unknown_kind_is_told(said, owner_dsn):
    status, printed = said("migrate", DATABASE_URL=owner_dsn, CALLX_STORAGE_URL="ftp://bucket")
    assert status == 2
    assert "bad_storage_url" in printed
    assert "Traceback" not in printed
