"""What is signed in a badge: the credential and the status list."""

import gzip
import hashlib
import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib.ob3.status import decode_encoded_list

from core.secrets import Secrets
from lms.certification.badges.credential import Addresses, Award, credential, identity_hash
from lms.certification.badges.keys import BadgeKey
from lms.certification.badges.picture import NAMESPACE, Shown, baked
from lms.certification.badges.status_list import SIZE, encoded, numbers_of, place_of, status_list_credential
from lms.certification.badges.status_list import status_number as number_for

ADDRESSES = Addresses("https://callx.example")
AWARD = Award(
    certification_id=UUID(int=1),
    product_id=UUID(int=2),
    code="7KQ4-9M2C-X0TB-5HZW",
    product_title="Billing",
    description="How to talk about bills.",
    holder_email="a@example.com",
    salt="Kosher",
    issuer="Harbour Telecom",
    score=92,
    issued_at=datetime(2026, 11, 24, 9, 0, 0, 900_000, tzinfo=UTC),
    printed_at=datetime(2026, 11, 25, 9, 0, 0, 900_000, tzinfo=UTC),
    expires_at=datetime(2027, 11, 24, 9, 0, tzinfo=UTC),
    status_number=SIZE + 5,
)


def test_the_contexts_are_those_of_the_standard_in_this_order():
    assert credential(AWARD, ADDRESSES)["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]


def test_the_claims_repeat_the_credential():
    said = credential(AWARD, ADDRESSES)
    assert said["iss"] == said["issuer"]["id"] == "https://callx.example/badges/issuer"
    assert said["jti"] == said["id"] == "https://callx.example/badges/7KQ4-9M2C-X0TB-5HZW"
    assert said["sub"] == said["credentialSubject"]["id"]
    for claim, member in (("nbf", "validFrom"), ("exp", "validUntil")):
        assert datetime.fromisoformat(said[member]).timestamp() == said[claim]
    assert (said["validFrom"], said["awardedDate"]) == ("2026-11-25T09:00:00Z", "2026-11-24T09:00:00Z")


def test_one_that_holds_for_ever_has_no_end():
    said = credential(replace(AWARD, expires_at=None), ADDRESSES)
    assert {"validUntil", "exp"}.isdisjoint(said)


def test_without_a_score_nothing_is_said_of_results():
    subject = credential(replace(AWARD, score=None, description=None), ADDRESSES)["credentialSubject"]
    assert "result" not in subject
    assert "resultDescription" not in subject["achievement"]
    assert subject["achievement"]["description"] == "Has completed Billing."


def test_the_hash_is_that_of_the_standards_own_example():
    expected = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    assert identity_hash("a@example.com", "Kosher") == expected
    assert "a@example.com" not in json.dumps(credential(AWARD, ADDRESSES))


def test_the_status_leads_to_its_bit():
    assert credential(AWARD, ADDRESSES)["credentialStatus"] == {
        "id": "https://callx.example/badges/status/1#5",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": "https://callx.example/badges/status/1",
    }


@given(st.sets(st.integers(0, SIZE - 1), max_size=200))
def test_the_bits_that_are_set_are_read_back(indexes):
    bits = decode_encoded_list(encoded(indexes))
    assert len(bits) == SIZE // 8 == 16_384
    for index in indexes:
        assert bits[index // 8] & 0x80 >> index % 8
    assert sum(byte.bit_count() for byte in bits) == len(indexes)


def test_the_first_bit_is_the_leftmost():
    packed = encoded([0])
    assert packed.startswith("u")
    raw = gzip.decompress(urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)))
    assert raw[0] == 0b1000_0000


@given(st.integers(0, 10**9), st.integers(0, SIZE - 1))
def test_a_list_is_left_when_it_is_half_full(count, chosen):
    number = number_for(count, lambda below: min(chosen, below - 1))
    place = place_of(number)
    assert (place.status_list, place.index) == (count // (SIZE // 2), chosen)
    first, end = numbers_of(place.status_list)
    assert first <= number < end


def test_a_list_is_good_for_a_day():
    said = status_list_credential("https://x.example/0", "https://x.example", [], AWARD.issued_at)
    assert (said["validFrom"], said["validUntil"]) == ("2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z")
    assert said["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]


def test_the_key_follows_from_the_secret_and_from_nothing_else():
    one, same, other = (BadgeKey(Secrets(letter * 40)) for letter in "aab")
    assert one.public_jwk == same.public_jwk != other.public_jwk
    assert one.token({"a": 1}, "k") == same.token({"a": 1}, "k") != other.token({"a": 1}, "k")
    assert "d" not in one.public_jwk
    members = {name: one.public_jwk[name] for name in ("crv", "kty", "x")}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
    assert urlsafe_b64decode(one.thumbprint + "=") == digest


@pytest.mark.parametrize(
    "title", ["Billing", "<script>&\"'", "التعامل مع العملاء", "客户投诉", "x" * 300, "🙂", " ", "A\x0bB\ufffe"]
)
def test_a_picture_is_an_svg_with_its_credential_first(title):
    drawn = baked(Shown(title, "Harbour & Sons <Ltd>", date(2026, 9, 30)), "aaa.bbb.ccc")
    root = ElementTree.fromstring(drawn)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root[0].tag == f"{{{NAMESPACE}}}credential"
    assert root[0].attrib == {"verify": "aaa.bbb.ccc"}
    assert drawn == baked(Shown(title, "Harbour & Sons <Ltd>", date(2026, 9, 30)), "aaa.bbb.ccc")
    assert "nan" not in drawn.lower().split("</title>")[1]
