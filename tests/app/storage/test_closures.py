"""Each closure of a hole of storage is what its test stands on: taken out, the test fails."""

import pytest

from core.storage import content_rules, object_names
from core.tokens import AUDIENCE, PURPOSE, LinkTokens
from tests.app.storage import test_downloads, test_links, test_names
from tests.app.support.shelf import Shelf, stored


@pytest.mark.parametrize("address", ["lesson-videos/%2e%2e/secret", "lesson-videos/a//b", "lesson-videos/a%5cb"])
async def test_hole_26_is_open_without_its_closure(ada, tmp_path, monkeypatch, address):
    monkeypatch.setattr(object_names, "_checked", lambda path: path)
    with pytest.raises(AssertionError):
        await test_names.test_hole_26_odd_names_are_refused_everywhere(ada, tmp_path, address)


async def test_hole_25_is_open_without_its_closure(ada, service, monkeypatch):
    monkeypatch.setattr(content_rules, "headers", lambda *given, **more: {"Content-Type": "text/html"})
    with pytest.raises((AssertionError, KeyError)):
        await test_downloads.test_hole_25_what_was_uploaded_does_not_run_on_our_origin(ada, service)


@pytest.fixture
def links_like_sign_ins(monkeypatch):
    """Requested before the client: its links are made when the application is."""
    made = LinkTokens.__init__

    def of_sign_ins(self, secrets, clock, purpose):
        made(self, secrets, clock, PURPOSE)
        self._audience = AUDIENCE

    monkeypatch.setattr(LinkTokens, "__init__", of_sign_ins)


async def test_hole_27_is_open_without_keys_of_their_own(links_like_sign_ins, client, ada, tess, clock):
    await stored(await ada.put(test_links.WATCH, b"moving pictures"))
    with pytest.raises(AssertionError):
        await test_links.test_hole_27_a_link_is_no_sign_in_and_a_sign_in_no_link(
            None, ada, tess, Shelf(client, {}), client, clock
        )
