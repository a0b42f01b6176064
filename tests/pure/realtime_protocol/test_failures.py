"""Which errors of a Realtime server end a session, and which end every session."""

import pytest

from voice.realtime_protocol.server_events import ErrorDetails
from voice.upstream.realtime_events import failure


@pytest.mark.parametrize(
    ("code", "fatal", "permanent"),
    [
        ("session_expired", True, False),
        ("insufficient_quota", True, True),
        ("invalid_api_key", True, True),
        ("response_cancel_not_active", False, False),
    ],
)
def test_an_error_says_whether_this_session_or_another_is_of_use(code: str, fatal: bool, permanent: bool):
    failed = failure(ErrorDetails(type="invalid_request_error", code=code, message="no", param=None, event_id=None))
    assert (failed.code, failed.fatal, failed.permanent) == (code, fatal, permanent)
