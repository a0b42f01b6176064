"""What the server writes is not for the other users of the machine."""

from pathlib import Path

import pytest

from core import secrets

pytestmark = pytest.mark.may_block  # the tests look at files


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_secret_is_the_owners_and_the_folder_cannot_be_listed(tmp_path: Path):
    data_dir = tmp_path / "data"
    made = secrets.load_or_create(None, data_dir)
    assert (mode(data_dir), mode(data_dir / "secret")) == (0o711, 0o600)
    assert secrets.load_or_create(None, data_dir).derive("x") == made.derive("x")


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path):
    tmp_path.chmod(0o750)
    secrets.load_or_create(None, tmp_path)
    assert mode(tmp_path) == 0o750
