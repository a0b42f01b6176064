"""`/storage/v1/object`: what supabase-js's `storage.from(bucket)` asks."""

from typing import Any

from aiohttp import web

from core.app_keys import BLOBS, CLOCK, DATABASE, SECRETS
from core.storage import buckets, downloads, listing, uploads
from core.storage.errors import StorageError, invalid_request, invalid_token, object_not_found, storage_error
from core.storage.keys import OBJECT_LINKS, OBJECTS
from core.storage.links import LONGEST_LIFETIME_S, ObjectLinks
from core.storage.object_names import ObjectName, bucket_from_address, from_address, object_name
from core.storage.objects import Objects
from core.storage.requests import json_body, on_this_wire, tail
from core.storage.upload_fields import wants_upsert
from core.web import ERROR_SHAPES, person_of

PREFIX = "/storage/v1"
OBJECT = f"{PREFIX}/object"
MOST_NAMES = 1_000
NO_OBJECT = "Either the object does not exist or you do not have access to it"


def add_routes(app: web.Application) -> None:
    """Adds the storage wire, but for resumable uploads; expects database, blobs, secrets and clock on the app."""
    app[OBJECTS] = Objects(app[DATABASE], app[BLOBS])
    app[OBJECT_LINKS] = ObjectLinks(app[SECRETS], app[CLOCK])
    app.setdefault(ERROR_SHAPES, {})[PREFIX] = storage_error
    router = app.router
    rest = r"/{rest:[\s\S]+}"  # line breaks too: they are refused as names and not as addresses
    router.add_get(f"{OBJECT}/public{rest}", on_this_wire(send_public))
    router.add_get(f"{OBJECT}/authenticated{rest}", on_this_wire(send_authenticated))
    router.add_get(f"{OBJECT}/sign{rest}", on_this_wire(send_by_link))
    router.add_post(f"{OBJECT}/sign{rest}", on_this_wire(sign))
    router.add_post(f"{OBJECT}/upload/sign{rest}", on_this_wire(sign_upload))
    router.add_put(f"{OBJECT}/upload/sign{rest}", on_this_wire(upload_by_link))
    router.add_get(f"{OBJECT}/info/public{rest}", on_this_wire(info_public))
    router.add_get(f"{OBJECT}/info/authenticated{rest}", on_this_wire(info_authenticated))
    router.add_get(f"{OBJECT}/info{rest}", on_this_wire(info))
    router.add_post(f"{OBJECT}/list{rest}", on_this_wire(list_folder))
    router.add_post(f"{OBJECT}/move", on_this_wire(move))
    router.add_post(f"{OBJECT}/copy", on_this_wire(copy))
    router.add_get(f"{OBJECT}{rest}", on_this_wire(send))
    router.add_post(f"{OBJECT}{rest}", on_this_wire(upload))
    router.add_put(f"{OBJECT}{rest}", on_this_wire(update))
    router.add_delete(f"{OBJECT}{rest}", on_this_wire(remove))
    router.add_route("*", f"{PREFIX}/render/image{rest}", on_this_wire(refuse_rendering))
    buckets.add_routes(app)


async def upload(request: web.Request) -> web.Response:
    """A new object; with `x-upsert: true` also in place of the old one."""
    return await _take(request, upsert=wants_upsert(request.headers.get("x-upsert")))


async def update(request: web.Request) -> web.Response:
    """An object in place of the old one."""
    return await _take(request, upsert=True)


async def send(request: web.Request) -> web.StreamResponse:
    """The object, if the person may see it."""
    return await _send(request, OBJECT)


async def send_authenticated(request: web.Request) -> web.StreamResponse:
    """The same under its other address."""
    return await _send(request, f"{OBJECT}/authenticated")


async def send_public(request: web.Request) -> web.StreamResponse:
    """The object of a public bucket."""
    found = await request.app[OBJECTS].find_public(_name(request, f"{OBJECT}/public"))
    return await downloads.send(request, found, public=True, by_link=True)


async def send_by_link(request: web.Request) -> web.StreamResponse:
    """The object, to whoever has a signed link to it."""
    name = _name(request, f"{OBJECT}/sign")
    signer = request.app[OBJECT_LINKS].opened_for_download(_token(request), name)
    return await downloads.send(request, await request.app[OBJECTS].find(signer, name), by_link=True)


async def info(request: web.Request) -> web.Response:
    """What is known of the object."""
    found = await request.app[OBJECTS].find(await person_of(request), _name(request, f"{OBJECT}/info"))
    return web.json_response(found.info())


async def info_authenticated(request: web.Request) -> web.Response:
    """The same under its other address."""
    found = await request.app[OBJECTS].find(await person_of(request), _name(request, f"{OBJECT}/info/authenticated"))
    return web.json_response(found.info())


async def info_public(request: web.Request) -> web.Response:
    """What is known of an object of a public bucket."""
    found = await request.app[OBJECTS].find_public(_name(request, f"{OBJECT}/info/public"))
    return web.json_response(found.info())


async def sign(request: web.Request) -> web.Response:
    """A link to one object, or, asked of a bucket with `paths`, to many."""
    rest = tail(request, f"{OBJECT}/sign")
    body = await json_body(request)
    lifetime_s = _lifetime(body.get("expiresIn"))
    if body.get("transform"):
        raise _no_rendering()
    if "/" not in rest:
        return await _sign_many(request, bucket_from_address(rest), body, lifetime_s)
    name, person = from_address(rest), await person_of(request)
    await request.app[OBJECTS].find(person, name)
    token = request.app[OBJECT_LINKS].for_download(person, name, lifetime_s)
    return web.json_response({"signedURL": _link("sign", name, token)}, headers={"Cache-Control": "no-store"})


async def sign_upload(request: web.Request) -> web.Response:
    """A link under which one object may be stored without signing in."""
    name, person = _name(request, f"{OBJECT}/upload/sign"), await person_of(request)
    upsert = wants_upsert(request.headers.get("x-upsert"))
    await request.app[OBJECTS].check_put(person, name, upsert=upsert)
    token = request.app[OBJECT_LINKS].for_upload(person, name, upsert=upsert)
    answer = {"url": _link("upload/sign", name, token), "token": token}
    return web.json_response(answer, headers={"Cache-Control": "no-store"})


async def upload_by_link(request: web.Request) -> web.Response:
    """Stores the object that the link is for."""
    name = _name(request, f"{OBJECT}/upload/sign")
    permit = request.app[OBJECT_LINKS].opened_for_upload(_token(request), name)
    objects = request.app[OBJECTS]
    bucket = await objects.check_put(permit.signer, name, upsert=permit.upsert)
    uploads.check_announced_size(request, bucket)
    stored = await objects.put(permit.signer, name, bucket, await uploads.upload_of(request), upsert=permit.upsert)
    return web.json_response({"Id": str(stored.id), "Key": str(name)})


async def list_folder(request: web.Request) -> web.Response:
    """What lies in a folder."""
    bucket_id = bucket_from_address(tail(request, f"{OBJECT}/list"))
    wanted = listing.Listing.of_body(await json_body(request))
    return web.json_response(await listing.entries(request.app[DATABASE], await person_of(request), bucket_id, wanted))


async def remove(request: web.Request) -> web.Response:
    """Removes one object, or, asked of a bucket with `prefixes`, many: those that the person may remove."""
    rest, person, objects = tail(request, OBJECT), await person_of(request), request.app[OBJECTS]
    if "/" in rest:
        name = from_address(rest)
        if not await objects.remove(person, name.bucket, [name.path]):
            raise object_not_found()
        return web.json_response({"message": "Successfully deleted"})
    paths = _paths(await json_body(request), "prefixes")
    removed = await objects.remove(person, bucket_from_address(rest), paths)
    return web.json_response([stored.row() for stored in removed])


async def move(request: web.Request) -> web.Response:
    """Renames an object."""
    source, target, _ = await _two_names(request)
    moved = await request.app[OBJECTS].move(await person_of(request), source, target)
    return web.json_response({"message": "Successfully moved", "Id": str(moved.id), "Key": str(target)})


async def copy(request: web.Request) -> web.Response:
    """Makes a second object with the same bytes."""
    source, target, body = await _two_names(request)
    metadata = body.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise invalid_request("metadata must be an object.")
    stored = await request.app[OBJECTS].copy(
        await person_of(request),
        source,
        target,
        upsert=wants_upsert(request.headers.get("x-upsert")),
        user_metadata={} if body.get("copyMetadata") is False and metadata is None else metadata,
    )
    return web.json_response({"Id": str(stored.id), "Key": str(target), **stored.row()})


async def refuse_rendering(request: web.Request) -> web.Response:
    """Pictures are handed out as they were uploaded."""
    raise _no_rendering()


async def _take(request: web.Request, *, upsert: bool) -> web.Response:
    name, person, objects = _name(request, OBJECT), await person_of(request), request.app[OBJECTS]
    bucket = await objects.check_put(person, name, upsert=upsert)
    uploads.check_announced_size(request, bucket)
    stored = await objects.put(person, name, bucket, await uploads.upload_of(request), upsert=upsert)
    return web.json_response({"Id": str(stored.id), "Key": str(name)})


async def _send(request: web.Request, prefix: str) -> web.StreamResponse:
    found = await request.app[OBJECTS].find(await person_of(request), _name(request, prefix))
    return await downloads.send(request, found)


async def _sign_many(request: web.Request, bucket_id: str, body: dict[str, Any], lifetime_s: int) -> web.Response:
    paths, person, links = _paths(body, "paths"), await person_of(request), request.app[OBJECT_LINKS]
    visible = await request.app[OBJECTS].visible_names(person, bucket_id, paths)
    answer = []
    for path in paths:
        url = None
        if path in visible:
            name = ObjectName(bucket_id, path)
            url = _link("sign", name, links.for_download(person, name, lifetime_s))
        answer.append({"path": path, "signedURL": url, "error": None if url else NO_OBJECT})
    return web.json_response(answer, headers={"Cache-Control": "no-store"})


async def _two_names(request: web.Request) -> tuple[ObjectName, ObjectName, dict[str, Any]]:
    body = await json_body(request)
    texts = [body.get("bucketId"), body.get("sourceKey"), body.get("destinationKey")]
    texts.append(body.get("destinationBucket") or body.get("bucketId"))
    if not all(isinstance(text, str) for text in texts):
        raise invalid_request("bucketId, sourceKey and destinationKey must be texts.")
    bucket_id, source, target, target_bucket = (str(text) for text in texts)
    return object_name(bucket_id, source), object_name(target_bucket, target), body


def _paths(body: dict[str, Any], key: str) -> list[str]:
    paths = body.get(key)
    if not isinstance(paths, list) or not 0 < len(paths) <= MOST_NAMES:
        raise invalid_request(f"{key} must be a list of 1 to {MOST_NAMES} names.")
    if not all(isinstance(path, str) for path in paths):
        raise invalid_request(f"{key} must be a list of names.")
    return [object_name("any", path).path for path in paths]


def _name(request: web.Request, prefix: str) -> ObjectName:
    return from_address(tail(request, prefix))


def _token(request: web.Request) -> str:
    token = request.query.get("token")
    if not token:
        raise invalid_token("The link has no token.")
    return token


def _lifetime(given: Any) -> int:
    """Seconds: storage-js sends a number, the Python client its digits."""
    digits = (
        isinstance(given, str) and given.isascii() and given.isdecimal() and len(given) <= len(f"{LONGEST_LIFETIME_S}")
    )
    lifetime_s = int(given) if digits else given
    if isinstance(lifetime_s, bool) or not isinstance(lifetime_s, int) or not 0 < lifetime_s <= LONGEST_LIFETIME_S:
        raise invalid_request(f"expiresIn must be a number of seconds up to {LONGEST_LIFETIME_S}.")
    return lifetime_s


def _link(kind: str, name: ObjectName, token: str) -> str:
    """Below `/storage/v1`. supabase-js encodes the address itself, so only what would end the path is encoded here."""
    path = str(name).replace("?", "%3F").replace("#", "%23")
    return f"/object/{kind}/{path}?token={token}"


def _no_rendering() -> StorageError:
    return StorageError(
        403, "FeatureNotEnabled", "FeatureNotEnabled", "Pictures are not transformed here: ask without transform."
    )
