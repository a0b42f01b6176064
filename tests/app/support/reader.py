"""A client of the REST wire."""

import json
from io import BytesIO

OBJECT = {"Accept": "application/vnd.pgrst.object+json"}
WHOLE = {"Prefer": "return=representation"}


class Reader:
    """Asks `/rest/v1` with the same headers each time."""

    def __init__(self, client, headers):
        self.client = client
        self.headers = headers

    async def get(self, path, status=200, **headers):
        """The JSON that `path` answers, its status being as expected."""
        async with self.client.get(f"/rest/v1/{path}", headers=self.headers | headers) as response:
            text = await response.text()
            assert response.status == status, text
            return json.loads(text)

    async def fails(self, path, status, code, **headers):
        """The error that `path` answers."""
        error = await self.get(path, status, **headers)
        assert error.keys() == {"code", "message", "details", "hint"}
        assert error["code"] == code, error
        return error

    async def post(self, path, body, **headers):
        """The response to a POST of JSON, or of raw bytes."""
        return await self.send("POST", path, body, **headers)

    async def patch(self, path, body, **headers):
        """The response to a PATCH of JSON, or of raw bytes."""
        return await self.send("PATCH", path, body, **headers)

    async def delete(self, path, **headers):
        """The response to a DELETE."""
        return await self.send("DELETE", path, **headers)

    async def send(self, method, path, body=b"", **headers):
        """The response to any method."""
        data = BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        headers = self.headers | {"Content-Type": "application/json"} | headers
        return await self.client.request(method, f"/rest/v1/{path}", data=data, headers=headers)


async def refusal(response):
    """Status and code of an error."""
    return response.status, (await response.json())["code"]
