"""What an object may be called: a property for every text, and examples for what attackers write."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.storage.errors import StorageError
from core.storage.object_names import ObjectName, folder_prefix, from_address, object_name

SEGMENTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="/\\"), min_size=1, max_size=20
)
GOOD_PATHS = st.lists(SEGMENTS.filter(lambda text: text not in (".", "..")), min_size=1, max_size=5).map("/".join)


def tried(naming: Callable[[], ObjectName]) -> ObjectName | StorageError:
    try:
        return naming()
    except StorageError as error:
        return error


@given(GOOD_PATHS)
def test_a_good_name_survives_its_address(path: str):
    assert from_address("bucket/" + quote(path, safe="/")) == ObjectName("bucket", path)
    assert object_name("bucket", path) == ObjectName("bucket", path)
    assert str(object_name("bucket", path)) == f"bucket/{path}"


@given(st.text(max_size=60))
def test_whatever_a_name_is_it_has_plain_segments_or_is_refused(path: str):
    name = tried(lambda: object_name("bucket", path))
    if isinstance(name, StorageError):
        assert (name.code, name.message.isprintable()) == ("InvalidKey", True)
        return
    assert name.path == path
    assert all(segment not in ("", ".", "..") for segment in name.path.split("/"))
    assert not set("\\\0\r\n\u2028") & set(name.path)
    assert len(name.path.encode()) <= 1_024


@given(st.text(st.sampled_from("%2fFeEcC05.abÄ/\\;?#+ "), max_size=40))
def test_whatever_an_address_is_it_names_one_object_or_none(address: str):
    name = tried(lambda: from_address(f"bucket/{address}"))
    if isinstance(name, StorageError):
        assert name.code == "InvalidKey"
        return
    assert name.path.count("/") == address.count("/")
    assert object_name(name.bucket, name.path) == name


@pytest.mark.parametrize(
    "address",
    ["b", "b/", "b/%2e", "b/%2E%2e/x", "b/a%2Fb", "b/a%5Cb", "b/%00", "b/%7f", "b/%c2%85", "b/%e2%80%a8", "b/%ff"],
)
def test_addresses_that_name_nothing(address: str):
    with pytest.raises(StorageError) as refusal:
        from_address(address)
    assert refusal.value.code == "InvalidKey"


@pytest.mark.parametrize("bucket", ["", ".", "..", "%2e%2e", "a%2fb", "%00", "x" * 101])
def test_addresses_of_no_bucket(bucket: str):
    with pytest.raises(StorageError) as refusal:
        from_address(f"{bucket}/a.mp4")
    assert refusal.value.code == "NoSuchBucket"


def test_a_folder_begins_all_names_in_it():
    assert folder_prefix("") == folder_prefix("/") == ""
    assert folder_prefix("a") == folder_prefix("/a/") == "a/"
    assert folder_prefix("a/b") == "a/b/"
    for odd in ("a//b", "..", "a/./b", "a\0"):
        with pytest.raises(StorageError):
            folder_prefix(odd)
