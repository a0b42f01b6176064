"""What `/storage/v1` says of itself. Names of objects hold slashes, so one handler serves many addresses."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from core.openapi.document import Endpoint
from core.openapi.operations import ANYBODY, SIGNED_IN, Access, Content, Exact, Operation, operation
from core.openapi.routes import Wire

PREFIX = "/storage/v1"
TAG = "Files"
BINARY = "application/octet-stream"
TUS = "application/offset+octet-stream"
LINK: tuple[Access, ...] = ("storage_link",)


class StorageError(Exact):
    """The error of this wire, as Supabase has it: nearly all are HTTP 400, and the true number is `statusCode`."""

    statusCode: str = Field(examples=["404"])
    error: str
    message: str
    code: str = Field(examples=["NoSuchKey"])


class BucketPath(BaseModel):
    bucket: str = Field(examples=["certificates"])


class ObjectPath(BucketPath):
    path: str = Field(description="The object's name; its slashes stand as they are.", examples=["intro/welcome.mp4"])


class LinkQuery(BaseModel):
    token: str = Field(description="Of the signed link.")
    download: str | None = Field(None, description="Save it, under this name.")


class DownloadQuery(BaseModel):
    download: str | None = Field(None, description="Save it, under this name.")


class DownloadHeaders(BaseModel):
    range: str | None = Field(None, alias="Range", description="`bytes=0-65535`: a part.")
    known: str | None = Field(None, alias="If-None-Match", description="An ETag: 304 if it still is that.")


class UploadHeaders(BaseModel):
    upsert: Literal["true", "false"] | None = Field(None, alias="x-upsert", description="In place of what is there.")
    cache_control: str | None = Field(None, alias="Cache-Control", description="`max-age=3600`.")
    metadata: str | None = Field(None, alias="x-metadata", description="Metadata: JSON in base64.")


class Stored(Exact):
    """It is stored."""

    Id: UUID
    Key: str = Field(description="Bucket and name.")


class ObjectRow(Exact):
    """An object."""

    id: UUID
    name: str
    bucket_id: str
    owner_id: UUID | None
    version: UUID
    metadata: dict[str, Any]
    user_metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    last_accessed_at: datetime


class ObjectInfo(Exact):
    """What is known of an object."""

    id: UUID
    version: UUID
    name: str
    bucket_id: str
    size: int = Field(description="Bytes.")
    content_type: str
    cache_control: str
    etag: str
    metadata: dict[str, Any]
    last_modified: datetime
    created_at: datetime


class LinkWanted(BaseModel):
    """How long it is good."""

    expiresIn: int = Field(ge=1, description="Seconds; as text too.", examples=[3600])


class LinksWanted(LinkWanted):
    """Links to several objects of a bucket."""

    paths: list[str] = Field(min_length=1, max_length=1_000)


class SignedLink(Exact):
    """A link that opens without signing in."""

    signedURL: str = Field(description="Below `/storage/v1`.")


class SignedLinkOf(Exact):
    """One of several."""

    path: str
    signedURL: str | None
    error: str | None


class UploadLink(Exact):
    """A link under which one object may be stored without signing in."""

    url: str
    token: str


class Names(BaseModel):
    """Which objects."""

    prefixes: list[str] = Field(min_length=1, max_length=1_000, description="Whole names.")


class Sorting(BaseModel):
    column: str = "name"
    order: Literal["asc", "desc"] = "asc"


class Listing(BaseModel):
    """Which page of which folder."""

    prefix: str = ""
    search: str = ""
    limit: int = Field(100, ge=1, le=1_000)
    offset: int = Field(0, ge=0)
    sortBy: Sorting | None = None


class TwoNames(BaseModel):
    """From where to where."""

    bucketId: str
    sourceKey: str
    destinationKey: str
    destinationBucket: str | None = None


class BucketRules(BaseModel):
    """Who may read a bucket, and what it takes."""

    public: bool = False
    file_size_limit: int | str | None = Field(None, description="Bytes, or a text like `20MB`.")
    allowed_mime_types: list[str] | None = Field(None, description="Like `video/*`.")


class NewBucket(BucketRules):
    """A bucket to be."""

    id: str = Field(examples=["handouts"])


class BucketsQuery(BaseModel):
    limit: int = Field(1_000, ge=0)
    offset: int = Field(0, ge=0)
    search: str | None = None
    sortColumn: str | None = None
    sortOrder: Literal["asc", "desc"] | None = None


class UploadPath(BaseModel):
    upload_id: UUID


class TusHeaders(BaseModel):
    version: Literal["1.0.0"] = Field(alias="Tus-Resumable")


class BeginHeaders(TusHeaders):
    length: int = Field(ge=0, alias="Upload-Length", description="Bytes of the whole.")
    metadata: str = Field(
        alias="Upload-Metadata", description="`bucketName`, `objectName`, `contentType`, … each with base64."
    )
    upsert: Literal["true", "false"] | None = Field(None, alias="x-upsert")


class SignedBeginHeaders(BeginHeaders):
    signature: str = Field(alias="x-signature", description="The token of an upload link.")


class GoOnHeaders(TusHeaders):
    offset: int = Field(ge=0, alias="Upload-Offset", description="Bytes that have arrived.")


Row = dict[str, Any]
REFUSED = {
    400: "`statusCode` 404 `NoSuchKey`, `NoSuchBucket`: not there, or not yours to see; 403 `AccessDenied`, "
    "`InvalidJWT`; 409 `ResourceAlreadyExists`; 413 `EntityTooLarge`; 415 `InvalidMimeType`; 400 `InvalidKey`, "
    "`InvalidRequest`; 423 `ResourceLocked`.",
    504: "`DatabaseTimeout`.",
}
SENT = {408: "`RequestTimeout`: the body stopped coming."}
PARTS = {416: "`InvalidRange`."}
IN_TUS = {
    400: "`InvalidRequest` and others: a header is missing or wrong.",
    403: "`AccessDenied`, `InvalidJWT`.",
    404: "`NoSuchUpload`, `NoSuchBucket`.",
    405: "`MethodNotAllowed`.",
    408: "`RequestTimeout`.",
    409: "`InvalidOffset`, `ResourceAlreadyExists`.",
    410: "`UploadLost`: begin again.",
    412: "`UnsupportedVersion`.",
    413: "`EntityTooLarge`.",
    415: "`InvalidContentType`, `InvalidMimeType`.",
    423: "`UploadLocked`: another request has it.",
    429: "`TooManyUploads`.",
    504: "`DatabaseTimeout`.",
}
PROGRESS = {"Upload-Offset": "Bytes that are safe.", "Tus-Resumable": "`1.0.0`.", "Upload-Expires": "Until when."}
FILE = {
    200: Content({"*/*": None}, "The whole.", {"ETag": "Changes with its bytes.", "Accept-Ranges": "`bytes`."}),
    206: Content({"*/*": None}, "A part.", {"Content-Range": "Which part, of how many bytes."}),
    304: Content({}, "It still is what the ETag says."),
}
BYTES = Content({BINARY: None, "multipart/form-data": None}, "The bytes, with their own content type, or a form.")


def _endpoint(method: str, address: str, summary: str, description: str, /, **said: Any) -> Endpoint:
    errors = {**REFUSED, **said.pop("errors", {})}
    said.setdefault("access", SIGNED_IN)
    operation_: Operation = operation(
        summary, tag=TAG, description=description, errors=errors, error=StorageError, **said
    )
    return Endpoint(method, PREFIX + address, operation_)


_OBJECT, _BUCKET = "/object/{bucket}/{path}", "/bucket/{bucket}"

OBJECTS = [
    _endpoint(
        "POST", _OBJECT, "Upload a file", "A new object; what policies allow, within the bucket's size and types.",
        path=ObjectPath, headers=UploadHeaders, body=BYTES, answers={200: Stored}, errors=SENT,
    ),
    _endpoint(
        "PUT", _OBJECT, "Replace a file", "An object in place of the old one.",
        path=ObjectPath, headers=UploadHeaders, body=BYTES, answers={200: Stored}, errors=SENT,
    ),
    _endpoint(
        "GET", _OBJECT, "Download a file", "The object, whole or in part.",
        path=ObjectPath, query=DownloadQuery, headers=DownloadHeaders, answers=FILE, errors=PARTS,
    ),
    _endpoint(
        "GET", "/object/public/{bucket}/{path}", "Download a public file", "From a public bucket.",
        access=ANYBODY, path=ObjectPath, query=DownloadQuery, headers=DownloadHeaders, answers=FILE, errors=PARTS,
    ),
    _endpoint(
        "GET", "/object/info/{bucket}/{path}", "Look at a file", "What is known of the object.",
        path=ObjectPath, answers={200: ObjectInfo},
    ),
    _endpoint(
        "DELETE", _OBJECT, "Remove a file", "One object.",
        path=ObjectPath, answers={200: Row},
    ),
    _endpoint(
        "DELETE", "/object/{bucket}", "Remove files", "Those of the named objects that the person may remove.",
        path=BucketPath, body=Names, answers={200: list[ObjectRow]},
    ),
    _endpoint(
        "POST", "/object/list/{bucket}", "List a folder", "Folders first, with `id` null.",
        path=BucketPath, body=Listing, answers={200: list[Row]},
    ),
    _endpoint(
        "POST", "/object/move", "Rename a file", "Within its bucket, or into another.",
        body=TwoNames, answers={200: Row},
    ),
    _endpoint(
        "POST", "/object/copy", "Copy a file", "A second object with the same bytes.",
        body=TwoNames, answers={200: Row},
    ),
]  # fmt: skip

LINKS = [
    _endpoint(
        "POST", "/object/sign/{bucket}/{path}", "Make a link to a file", "It opens without signing in, for a while.",
        path=ObjectPath, body=LinkWanted, answers={200: SignedLink},
    ),
    _endpoint(
        "POST", "/object/sign/{bucket}", "Make links to files", "Those that cannot be made have an `error`.",
        path=BucketPath, body=LinksWanted, answers={200: list[SignedLinkOf]},
    ),
    _endpoint(
        "GET", "/object/sign/{bucket}/{path}", "Download by link", "The object, to whoever has the link.",
        access=LINK, path=ObjectPath, query=LinkQuery, headers=DownloadHeaders, answers=FILE, errors=PARTS,
    ),
    _endpoint(
        "POST", "/object/upload/sign/{bucket}/{path}", "Make a link for an upload", "One object may be stored by it.",
        path=ObjectPath, headers=UploadHeaders, answers={200: UploadLink},
    ),
    _endpoint(
        "PUT", "/object/upload/sign/{bucket}/{path}", "Upload by link", "Stores the object that the link is for.",
        access=LINK, path=ObjectPath, query=LinkQuery, body=BYTES, answers={200: Stored}, errors=SENT,
    ),
]  # fmt: skip

BUCKETS = [
    _endpoint(
        "GET", "/bucket", "List buckets", "Those that the person may see.",
        query=BucketsQuery, answers={200: list[Row]},
    ),
    _endpoint(
        "GET", _BUCKET, "Look at a bucket", "Who may read it, and what it takes.",
        path=BucketPath, answers={200: Row},
    ),
    _endpoint("POST", "/bucket", "Create a bucket", "For admins.", body=NewBucket, answers={200: Row}),
    _endpoint(
        "PUT", _BUCKET, "Change a bucket", "What is not named stays. For admins.",
        path=BucketPath, body=BucketRules, answers={200: Row},
    ),
    _endpoint(
        "POST", _BUCKET + "/empty", "Empty a bucket", "Removes every object of it. For admins.",
        path=BucketPath, answers={200: Row},
    ),
    _endpoint(
        "DELETE", _BUCKET, "Remove a bucket", "One that is empty. For admins.",
        path=BucketPath, answers={200: Row},
    ),
]  # fmt: skip


def _resumable(path: str, by: str, access: tuple[Access, ...], begin: type[BaseModel]) -> list[Endpoint]:
    one = path + "/{upload_id}"
    part = Content({TUS: None}, "The next bytes.", required=False)
    return [
        _endpoint(
            "POST", path, f"Begin a resumable upload{by}", "TUS 1.0.0, with the first bytes if they are at hand.",
            access=access, headers=begin, body=part, errors=IN_TUS,
            answers={201: Content({}, "Begun.", {"Location": "The upload.", **PROGRESS})},
        ),
        _endpoint(
            "HEAD", one, f"Ask how far an upload is{by}", "After a broken connection.",
            access=access, path=UploadPath, headers=TusHeaders, answers={200: Content({}, "So far.", PROGRESS)},
            errors=IN_TUS,
        ),
        _endpoint(
            "PATCH", one, f"Go on with an upload{by}", "With the last bytes the object is made before the answer.",
            access=access, path=UploadPath, headers=GoOnHeaders, body=part, errors=IN_TUS,
            answers={204: Content({}, "Taken.", PROGRESS)},
        ),
        _endpoint(
            "DELETE", one, f"Give an upload up{by}", "What has arrived is thrown away.",
            access=access, path=UploadPath, headers=TusHeaders, answers={204: None}, errors=IN_TUS,
        ),
        _endpoint(
            "POST", one, f"Go on with an upload by POST{by}", "For clients that can send nothing but GET and POST: "
            "`X-HTTP-Method-Override` says what is meant.",
            access=access, path=UploadPath, headers=GoOnHeaders, body=part, errors=IN_TUS,
            answers={200: Content({}, "So far.", PROGRESS), 204: Content({}, "Taken, or given up.", PROGRESS)},
        ),
    ]  # fmt: skip


RESUMABLE = [
    *_resumable("/upload/resumable", "", SIGNED_IN, BeginHeaders),
    *_resumable("/upload/resumable/sign", " by link", LINK, SignedBeginHeaders),
]

WIRE = Wire(PREFIX, [*OBJECTS, *LINKS, *BUCKETS, *RESUMABLE])
