"""Badges over the wire, verified by a library that is not ours."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from jwt import PyJWK
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from openbadgeslib.ob3.credential import IdentityObject, OpenBadgeCredential

from tests.app.support.wires import SITE
from tests.clock import FixedClock


@pytest.fixture
def clock():
    """The library looks at the clock on the wall."""
    return FixedClock(datetime.now(UTC).replace(microsecond=250_000))


class Employer:
    """Somebody who verifies badges, and knows nothing but their addresses."""

    def __init__(self, school):
        self._school = school

    async def fetch(self, address):
        assert address.startswith(SITE), address
        answer = await self._school.open(address)
        assert answer.status == 200, address
        return await answer.read()

    async def verifier(self, token) -> OB3Verifier:
        """For the key that the token itself names, which must be one of this site."""
        header = json.loads(_decoded(token.split(".")[0]))
        assert set(header) == {"alg", "kid", "typ"}
        jwk = json.loads(await self.fetch(header["kid"]))
        return OB3Verifier(PyJWK(jwk).key)

    async def verified(self, token) -> OpenBadgeCredential:
        """With signature, times and status. Raises OB3VerificationError."""
        verifier = await self.verifier(token)
        credential = verifier.verify(token)
        [entry] = credential.credential_status
        status_list = await self.fetch(entry["statusListCredential"])
        verifier.check_status(credential, verify_list=True, download=lambda _: status_list)
        return credential


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


@pytest.fixture
def employer(school):
    return Employer(school)


async def token_of(employer, certified):
    return (await employer.fetch(certified["credential_url"])).decode()


async def test_a_badge_is_verified_by_an_independent_library(school, certified, employer):
    token = await token_of(employer, certified)
    credential = await employer.verified(token)
    code = certified["code"]
    assert credential.id == f"{SITE}/badges/{code}"
    assert (credential.issuer.id, credential.issuer.name) == (f"{SITE}/badges/issuer", "Harbour Telecom")
    assert (credential.name, credential.achievement.name) == ("Billing", "Billing")
    assert credential.achievement.id == f"urn:uuid:{school.course.product_id}"
    assert credential.recipient_id == f"urn:uuid:{certified['certification_id']}"
    assert [result.value for result in credential.results] == ["75"]
    assert credential.expiration_date is None
    profile = json.loads(await employer.fetch(credential.issuer.id))
    assert (profile["id"], profile["type"], profile["name"]) == (credential.issuer.id, ["Profile"], "Harbour Telecom")


async def test_the_holder_is_there_as_a_salted_hash_only(school, certified, employer):
    token = await token_of(employer, certified)
    [identity] = (await employer.verified(token)).identifiers
    assert identity.hashed
    assert len(identity.salt or "") == 32
    mine = IdentityObject.create("tess@callx.example", salt=identity.salt)
    assert identity.identity_hash == mine.identity_hash
    assert identity.identity_hash != IdentityObject.create("theo@callx.example", salt=identity.salt).identity_hash
    said = _decoded(token.split(".")[1]).decode()
    for private in ("tess", "Tess", str(school.cast.tess.user_id)):
        assert private not in said
    await school.finish("theo")
    _, other = await school.ask("theo")
    [another] = (await employer.verified(await token_of(employer, other))).identifiers
    assert another.salt != identity.salt


async def test_a_revoked_badge_is_found_and_one_that_was_reinstated_holds(school, certified, employer):
    token = await token_of(employer, certified)
    await employer.verified(token)
    for function, holds in (("revoke_certification", False), ("reinstate_certification", True)):
        body = {"certification_id": certified["certification_id"], "reason": "Because."}
        async with school.client.post(f"/rest/v1/rpc/{function}", json=body, headers=school.headers["ada"]) as answer:
            assert answer.status == 204
        if holds:
            await employer.verified(token)
        else:
            with pytest.raises(OB3VerificationError, match="revocation"):
                await employer.verified(token)


async def test_the_badge_of_somebody_who_was_deleted_holds_no_more(school, certified, employer):
    token = await token_of(employer, certified)
    async with school.database.acting_as_service() as tx:
        await tx.execute("delete from auth.users where id = $1", school.cast.tess.user_id)
    with pytest.raises(OB3VerificationError, match="revocation"):
        await employer.verified(token)
    assert (await school.open(certified["credential_url"])).status == 404


async def test_a_badge_ends_with_its_certificate(school, employer, clock):
    clock.advance(-40 * 24 * 3_600_000)
    async with school.database.acting_as_service() as tx:
        await tx.execute("update public.products set certificate_valid_days = 30")
    await school.finish("tess")
    _, given = await school.ask("tess")
    assert datetime.fromisoformat(given["expires_at"]) < datetime.now(UTC)
    with pytest.raises(OB3VerificationError, match="expired"):
        (await employer.verifier(token := await token_of(employer, given))).verify(token)


async def test_a_forged_badge_is_found(certified, employer):
    token = await token_of(employer, certified)
    head, body, signature = token.split(".")
    forged = urlsafe_b64encode(_decoded(body).replace(b"Billing", b"Surgery")).rstrip(b"=").decode()
    with pytest.raises(OB3VerificationError, match="signature"):
        await employer.verified(f"{head}.{forged}.{signature}")


async def test_the_picture_carries_the_same_credential(certified, employer, school):
    picture = await school.open(certified["badge_url"])
    assert picture.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    drawn = await picture.read()
    assert OB3Verifier.extract_token_from_svg(drawn) == await token_of(employer, certified)
    for active in (b"<script", b"href", b"<style", b"onload", b"<text"):
        assert active not in drawn, "it looks the same everywhere, and runs nothing"


async def test_wallets_of_any_origin_may_read_and_keep_it(school, certified):
    for address in (
        certified["credential_url"],
        certified["badge_url"],
        "/badges/issuer",
        "/badges/keys.json",
        "/badges/status/0",
    ):
        answer = await school.open(address, Origin="https://wallet.example")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        if "ETag" in answer.headers:
            again = await school.open(address, **{"If-None-Match": answer.headers["ETag"]})
            assert (again.status, await again.read()) == (304, b"")


async def test_a_list_is_the_same_for_a_minute_and_says_how_long_it_may_be_kept(school, certified, clock):
    clock.advance(60_000 - clock.now().second * 1000 - clock.now().microsecond // 1000)
    first = await (await school.open("/badges/status/0")).read()
    clock.advance(59_000)
    assert await (await school.open("/badges/status/0")).read() == first
    clock.advance(1_000)
    assert await (await school.open("/badges/status/0")).read() != first
    said = json.loads(_decoded(first.decode().split(".")[1]))
    assert said["credentialSubject"]["ttl"] == 300_000
    assert said["exp"] - said["nbf"] == timedelta(days=1).total_seconds()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/badges/0000-0000-0000-0000", "badge_unknown"),
        ("/badges/0000-0000-0000-0000.svg", "badge_unknown"),
        ("/badges/nothing", "badge_unknown"),
        ("/badges/status/1", "status_list_unknown"),
        ("/badges/status/99999999999999999999", "status_list_unknown"),
        ("/badges/status/-1", "status_list_unknown"),
        ("/badges/keys/none", "key_unknown"),
    ],
)
async def test_what_is_not_there_is_not_found(school, address, code):
    answer = await school.open(address)
    assert (answer.status, (await answer.json())["error"]["code"]) == (404, code)


async def test_one_address_cannot_try_many_codes(school):
    statuses = [(await school.open(f"/badges/{number:016d}")).status for number in range(61)]
    assert statuses == [404] * 60 + [429]


async def test_the_persons_own_list_has_the_badge(school, certified, employer):
    address = "/rest/v1/certifications?select=code,certificate_issues(certificate_badges(credential))"
    for name, expected in (("tess", [await token_of(employer, certified)]), ("theo", [])):
        async with school.client.get(address, headers=school.headers[name]) as answer:
            rows = await answer.json()
        assert [row["certificate_issues"][0]["certificate_badges"]["credential"] for row in rows] == expected
