"""A client of TUS that does what a test says, right or wrong."""

import base64
from collections.abc import AsyncIterator, Mapping

from aiohttp import ClientResponse

from tests.app.support.wires import Client

PATH = "/storage/v1/upload/resumable"
CONTENT = {"Content-Type": "application/offset+octet-stream"}
Body = bytes | AsyncIterator[bytes]


def metadata(**fields: str) -> str:
    """Upload-Metadata."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in fields.items())


class Tus:
    """Uploads as one person, or under a signed link."""

    def __init__(self, client: Client, headers: Mapping[str, str], path: str = PATH) -> None:
        self._client = client
        self.headers = {**headers, "Tus-Resumable": "1.0.0"}
        self._path = path

    async def begin(
        self,
        length: int,
        *,
        name: str = "film.mp4",
        bucket: str = "lesson-videos",
        kind: str = "video/mp4",
        upsert: bool = False,
        content: Body | None = None,
        **more: str,
    ) -> ClientResponse:
        """POST: a new upload, `content` being its beginning."""
        headers = {
            "Upload-Length": str(length),
            "Upload-Metadata": metadata(bucketName=bucket, objectName=name, contentType=kind, **more),
            "x-upsert": "true" if upsert else "false",
            **(CONTENT if content is not None else {}),
        }
        return await self._client.post(self._path, headers=self.headers | headers, data=content)

    async def begun(self, length: int, **how: object) -> str:
        """The address of a new upload."""
        response = await self.begin(length, **how)  # type: ignore[arg-type]
        assert response.status == 201, await response.text()
        return response.headers["Location"]

    async def patch(self, url: str, offset: int, content: Body, **headers: str) -> ClientResponse:
        """PATCH: more content."""
        sent = self.headers | CONTENT | {"Upload-Offset": str(offset)} | headers
        return await self._client.patch(url, headers=sent, data=content)

    async def head(self, url: str) -> ClientResponse:
        """HEAD: how far it is."""
        return await self._client.head(url, headers=self.headers)

    async def offset(self, url: str) -> int:
        """How many bytes are safe."""
        response = await self.head(url)
        assert response.status == 200
        return int(response.headers["Upload-Offset"])

    async def delete(self, url: str) -> ClientResponse:
        """DELETE: it is not wanted any more."""
        return await self._client.delete(url, headers=self.headers)

    async def download(self, name: str = "film.mp4", bucket: str = "lesson-videos") -> ClientResponse:
        """The finished object."""
        return await self._client.get(f"/storage/v1/object/{bucket}/{name}", headers=self.headers)


async def refusal(response: ClientResponse) -> tuple[int, str]:
    """The status of an error, and its code."""
    return response.status, (await response.json())["code"]
