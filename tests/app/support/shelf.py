"""The storage wire as one person uses it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse, FormData
from yarl import URL

from tests.app.support.wires import Client

PREFIX = "/storage/v1"


@dataclass(frozen=True)
class Shelf:
    """Requests with the headers of one person; addresses are sent as they are written here."""

    client: Client
    headers: Mapping[str, str]

    async def ask(self, method: str, path: str, **more: Any) -> ClientResponse:
        """Any request below `/storage/v1`; the answer is read to its end."""
        headers = {**self.headers, **more.pop("headers", {})}
        address = URL(f"{self.client.make_url('')}".rstrip("/") + PREFIX + path, encoded=True)
        response = await self.client.session.request(method, address, headers=headers, **more)
        await response.read()
        return response

    async def put(
        self,
        path: str,
        content: Any = b"bytes",
        content_type: str = "video/mp4",
        *,
        method: str = "POST",
        **headers: str,
    ) -> ClientResponse:
        """Uploads as storage-js does with a Buffer."""
        return await self.ask(
            method, f"/object/{path}", data=content, headers={"Content-Type": content_type, **headers}
        )

    async def put_form(self, path: str, content: bytes, content_type: str, **fields: str) -> ClientResponse:
        """Uploads as storage-js does with a Blob: the file has the empty name."""
        form = FormData()
        for name, value in fields.items():
            form.add_field(name, value)
        form.add_field("", content, content_type=content_type, filename="blob")
        return await self.ask("POST", f"/object/{path}", data=form)

    async def get(self, path: str, **headers: str) -> ClientResponse:
        """Downloads."""
        return await self.ask("GET", f"/object/{path}", headers=headers)

    async def post(self, path: str, body: Any, **headers: str) -> ClientResponse:
        """POSTs JSON below `/object`."""
        return await self.ask("POST", f"/object/{path}", json=body, headers=headers)


async def content(response: ClientResponse) -> bytes:
    """What a download brought."""
    assert response.status in (200, 206), await response.text()
    return await response.read()


async def stored(response: ClientResponse) -> dict[str, Any]:
    """The answer to something that worked."""
    body: dict[str, Any] = await response.json()
    assert response.status == 200, body
    return body


async def refused(response: ClientResponse, number: int, code: str, *, status: int = 400) -> dict[str, Any]:
    """The refusal, in the wire's shape."""
    body: dict[str, Any] = await response.json()
    assert (response.status, body["statusCode"], body["code"]) == (status, str(number), code), body
    assert set(body) == {"statusCode", "error", "message", "code"}
    return body
