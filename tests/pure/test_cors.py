import pytest

from core.cors import is_allowed
from core.settings import Settings


@pytest.mark.parametrize(
    ("origins", "host", "origin", "allowed"),
    [
        (("https://front.example/",), "0.0.0.0", "https://front.example", True),
        (("https://front.example",), "0.0.0.0", "http://front.example", False),
        (("https://front.example",), "127.0.0.1", "http://localhost:5173", False),
        (("*",), "0.0.0.0", "https://anybody.example", True),
        ((), "127.0.0.1", "http://localhost:5173", True),
        ((), "127.0.0.1", "http://[::1]:5173", True),
        ((), "127.0.0.1", "https://localhost.evil.example", False),
        ((), "127.0.0.1", "null", False),
        ((), "127.0.0.1", "http://[", False),
        ((), "0.0.0.0", "http://localhost:5173", False),
    ],
)
def test_which_pages_may_use_the_wires(origins, host, origin, allowed):
    assert is_allowed(origin, Settings(allowed_origins=origins, host=host)) is allowed
