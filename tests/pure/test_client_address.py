from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.client_address import UNKNOWN, address_behind, limit_key

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", [], "198.51.100.7"),
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["203.0.113.9, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        ("fd00::1%eth0", ["[2001:db8::1]"], "2001:db8::1"),
        ("", ["203.0.113.9"], None),
        (None, [], None),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(peer, forwarded, client):
    assert address_behind(peer, forwarded, PROXIES) == (ip_address(client) if client else None)


def test_without_trusted_proxies_the_header_counts_for_nothing():
    assert address_behind("10.0.0.1", ["203.0.113.9"], ()) == ip_address("10.0.0.1")


def test_a_limit_counts_the_whole_network_of_an_ipv6_client():
    assert limit_key(ip_address("2001:db8:1:2:3::4")) == limit_key(ip_address("2001:db8:1:2::")) == "2001:db8:1:2::/64"
    assert limit_key(ip_address("203.0.113.9")) == "203.0.113.9"
    assert limit_key(None) == UNKNOWN


@given(st.text(), st.lists(st.text()))
def test_any_header_can_be_read(peer, forwarded):
    address_behind(peer, forwarded, PROXIES)
