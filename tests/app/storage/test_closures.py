"""The closure of hole 25 is what its test stands on: taken out, the test fails. tests/browser shows it in Chromium."""

from typing import Any

import pytest

from core.storage import content_rules
from tests.app.storage import test_downloads as downloads
from tests.app.support.shelf import Shelf


@pytest.mark.parametrize("header", ["Content-Disposition", "Content-Security-Policy"])
async def test_hole_25_is_open_without_its_closure(
    ada: Shelf, service: Shelf, monkeypatch: pytest.MonkeyPatch, header: str
):
    whole = content_rules.headers

    def harmless(*arguments: Any, **keywords: Any) -> dict[str, str]:
        return whole(*arguments, **keywords) | {header: "inline"}

    monkeypatch.setattr(content_rules, "headers", harmless)
    with pytest.raises(AssertionError):
        await downloads.test_hole_25_what_was_uploaded_does_not_run_on_our_origin(ada, service)
