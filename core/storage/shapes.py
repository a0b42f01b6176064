"""Buckets and objects as they are here, and as clients of the wire know them. Pure."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.storage import content_rules
from core.storage.errors import bad_type, too_large
from core.storage.object_names import ObjectName

BLOBS_PREFIX = "objects"


@dataclass(frozen=True, slots=True)
class Bucket:
    """What a bucket takes and whom it is open to."""

    id: str
    public: bool
    most_bytes: int
    allowed_types: Sequence[str] | None

    def check_type(self, content_type: str) -> None:
        """Raises StorageError InvalidMimeType for what may not lie here."""
        if not content_rules.is_allowed(content_type, self.allowed_types):
            raise bad_type(content_type)

    def check_size(self, size_bytes: int) -> None:
        """Raises StorageError EntityTooLarge."""
        if size_bytes > self.most_bytes:
            raise too_large()


@dataclass(slots=True)
class Details:
    """What the uploader says of an object."""

    content_type: str
    cache_control: str = "no-cache"
    user_metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes that are coming. The details, but for the type, may change until all of them have come."""

    details: Details
    chunks: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A row of storage.objects."""

    id: UUID
    name: ObjectName
    version: UUID
    owner_id: UUID | None
    metadata: Mapping[str, Any]
    user_metadata: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    last_accessed_at: datetime

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "StoredObject":
        """From a row with all columns."""
        return cls(
            id=row["id"],
            name=ObjectName(row["bucket_id"], row["name"]),
            version=row["version"],
            owner_id=row["owner_id"],
            metadata=row["metadata"],
            user_metadata=row["user_metadata"],
            created_at=row["created_at"],
            updated_at=row["updated_at"],
            last_accessed_at=row["last_accessed_at"],
        )

    @property
    def key(self) -> str:
        """Where its bytes lie in the object store."""
        return blob_key(self.version)

    @property
    def etag(self) -> str:
        """Changes with its bytes; in quotes."""
        return etag_of(self.version)

    @property
    def content_type(self) -> str:
        """As the uploader said."""
        return str(self.metadata.get("mimetype", content_rules.UNKNOWN))

    @property
    def cache_control(self) -> str:
        """As the uploader wished."""
        return str(self.metadata.get("cacheControl", "no-cache"))

    @property
    def size_bytes(self) -> int:
        """The length of its bytes."""
        return int(self.metadata.get("size", 0))

    @property
    def modified_at(self) -> datetime:
        """When these bytes were stored."""
        text = self.metadata.get("lastModified")
        return datetime.fromisoformat(text) if isinstance(text, str) else self.created_at

    def info(self) -> dict[str, Any]:
        """What `info` shows."""
        return {
            "id": str(self.id),
            "version": str(self.version),
            "name": self.name.path,
            "bucket_id": self.name.bucket,
            "size": self.size_bytes,
            "content_type": self.content_type,
            "cache_control": self.cache_control,
            "etag": self.etag,
            "metadata": self.user_metadata,
            "last_modified": shown_time(self.modified_at),
            "created_at": shown_time(self.created_at),
        }

    def row(self) -> dict[str, Any]:
        """What `remove` and `move` show."""
        return {
            "id": str(self.id),
            "name": self.name.path,
            "bucket_id": self.name.bucket,
            "owner_id": str(self.owner_id) if self.owner_id else None,
            "version": str(self.version),
            "metadata": self.metadata,
            "user_metadata": self.user_metadata,
            "created_at": shown_time(self.created_at),
            "updated_at": shown_time(self.updated_at),
            "last_accessed_at": shown_time(self.last_accessed_at),
        }


def blob_key(version: UUID) -> str:
    """Where the bytes of a version lie in the object store."""
    return f"{BLOBS_PREFIX}/{version}"


def etag_of(version: UUID) -> str:
    """The strong validator of a version; in quotes."""
    return f'"{version.hex}"'


def system_metadata(
    version: UUID, size_bytes: int, stored_at: datetime, content_type: str, cache_control: str
) -> dict[str, Any]:
    """The column `metadata` of a version, with Supabase's keys."""
    return {
        "eTag": etag_of(version),
        "size": size_bytes,
        "mimetype": content_type,
        "cacheControl": cache_control,
        "lastModified": shown_time(stored_at),
        "contentLength": size_bytes,
        "httpStatusCode": 200,
    }


def shown_time(moment: datetime) -> str:
    """`2026-11-24T09:00:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
