"""core.storage.resumable.protocol: headers of TUS, read and written."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from core.storage.errors import StorageError
from core.storage.object_names import ObjectName
from core.storage.resumable import protocol
from core.storage.resumable.protocol import Progress
from core.storage.shapes import Details


def encoded(**fields: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in fields.items())


def headers_of(**changes: str | None) -> CIMultiDict[str]:
    """The headers of a creation; a name with `_` for `-`, None for a header that is not sent."""
    headers = {
        "Tus_Resumable": "1.0.0",
        "Upload_Length": "11",
        "Upload_Metadata": encoded(bucketName="lesson-videos", objectName="a/b.mp4", contentType="Video/MP4"),
    }
    sent = {name.replace("_", "-"): value for name, value in (headers | changes).items() if value is not None}
    return CIMultiDict(sent)


def refused(read, *arguments) -> StorageError:
    with pytest.raises(StorageError) as caught:
        read(*arguments)
    return caught.value


def test_a_creation_says_what_is_to_come():
    creation = protocol.creation(headers_of())
    assert creation.name == ObjectName("lesson-videos", "a/b.mp4")
    assert creation.details == Details("video/mp4", "no-cache", {})
    assert (creation.length, creation.upsert, creation.has_content) == (11, False, False)


def test_a_creation_may_say_more():
    fields = encoded(bucketName="b", objectName="ü.pdf", cacheControl="3600", metadata='{"a": [1]}', filename="x")
    creation = protocol.creation(
        headers_of(Upload_Metadata=fields, x_upsert="true", Content_Type="application/offset+octet-stream")
    )
    assert creation.name.path == "ü.pdf"
    assert creation.details == Details("application/octet-stream", "max-age=3600", {"a": [1]})
    assert creation.upsert
    assert creation.has_content


@pytest.mark.parametrize(
    "changes",
    [
        {"Upload_Length": None},
        {"Upload_Length": "-1"},
        {"Upload_Length": "1.5"},
        {"Upload_Length": "²"},
        {"Upload_Length": "9007199254740992"},
        {"Upload_Length": "1" * 400},
        {"Upload_Defer_Length": "1", "Upload_Length": None},
        {"Upload_Concat": "partial"},
        {"Upload_Metadata": None},
        {"Upload_Metadata": encoded(bucketName="b")},
        {"Upload_Metadata": encoded(bucketName="b", objectName="")},
        {"Upload_Metadata": encoded(bucketName="b", objectName="../x")},
        {"Upload_Metadata": encoded(bucketName="b", objectName="a\0b")},
        {"Upload_Metadata": encoded(bucketName="a/b", objectName="x")},
        {"Upload_Metadata": encoded(bucketName="b", objectName="x", contentType="video")},
        {"Upload_Metadata": encoded(bucketName="b", objectName="x", metadata="[1]")},
        {"Upload_Metadata": "bucketName ///,objectName eA=="},
        {"Upload_Metadata": "bucketName /w==,objectName eA=="},
        {"Upload_Metadata": "a eA==,a eA=="},
        {"Upload_Metadata": "ü eA=="},
        {"Upload_Metadata": ","},
        {"Upload_Metadata": "a " + "eA==" * 20_000},
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(changes: dict[str, str | None]):
    error = refused(protocol.creation, headers_of(**changes))
    assert 400 <= error.number < 500
    assert error.message


def test_a_key_without_a_value_has_an_empty_one():
    assert protocol.metadata("is_confidential,b YQ==") == {"is_confidential": "", "b": "a"}
    assert protocol.metadata("") == protocol.metadata("  ") == {}


@given(st.dictionaries(st.text("abcXYZ019-_.!~", min_size=1, max_size=20), st.text(max_size=50), max_size=6))
def test_metadata_of_any_text_comes_back(fields: dict[str, str]):
    try:
        written = encoded(**fields)
    except UnicodeEncodeError:
        return
    assert protocol.metadata(written) == fields


@given(st.text(max_size=200))
def test_any_text_is_metadata_or_a_refusal(text: str):
    try:
        fields = protocol.metadata(text)
    except StorageError as error:
        assert error.number == 400  # noqa: PT017 - either is right
    else:
        assert all(isinstance(value, str) for value in fields.values())


@given(
    st.dictionaries(
        st.sampled_from(["Upload-Length", "Upload-Metadata", "x-upsert", "Content-Type", "Upload-Offset"]),
        st.text(max_size=40) | st.integers(-5, 2**60).map(str),
    )
)
def test_any_headers_are_read_or_refused(headers: dict[str, str]):
    for read in (protocol.creation, protocol.append_offset):
        try:
            read(CIMultiDict(headers))
        except StorageError as error:
            assert 400 <= error.number < 500  # noqa: PT017 - either is right


def test_another_version_is_refused():
    assert refused(protocol.check_version, headers_of(Tus_Resumable="0.2.2")).status == 412
    assert refused(protocol.check_version, headers_of(Tus_Resumable=None)).status == 412
    protocol.check_version(headers_of())


def test_content_needs_its_type_and_its_place():
    content = {"Content_Type": "Application/Offset+Octet-Stream; x=y", "Upload_Offset": "6"}
    assert protocol.append_offset(headers_of(**content)) == 6
    assert refused(protocol.append_offset, headers_of(**content | {"Content_Type": "video/mp4"})).status == 415
    assert refused(protocol.append_offset, headers_of(**content | {"Content_Type": None})).status == 415
    assert refused(protocol.append_offset, headers_of(**content | {"Upload_Offset": None})).number == 400


def test_a_post_may_mean_another_method():
    assert protocol.method("POST", headers_of(X_HTTP_Method_Override="patch")) == "PATCH"
    assert protocol.method("POST", headers_of(X_HTTP_Method_Override="PUT")) == "POST"
    assert protocol.method("HEAD", headers_of(X_HTTP_Method_Override="DELETE")) == "HEAD"
    assert protocol.method("POST", headers_of()) == "POST"


def test_an_answer_tells_how_far_it_is_and_how_long_it_waits():
    progress = Progress(6, 11, datetime(2026, 11, 25, 9, tzinfo=UTC))
    assert protocol.progress_headers(progress, complete=False) == {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "6",
        "Upload-Length": "11",
        "Upload-Expires": "Wed, 25 Nov 2026 09:00:00 GMT",
        "Cache-Control": "no-store",
    }
    assert "Upload-Expires" not in protocol.progress_headers(progress, complete=True)


def test_discovery_names_what_is_served():
    assert protocol.discovery(5)["Tus-Max-Size"] == "5"
    assert "concatenation" not in protocol.discovery(5)["Tus-Extension"]
