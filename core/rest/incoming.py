"""What a request says before the database is asked: the schema, the form of the answer, preferences, the body."""

from dataclasses import dataclass

from aiohttp import web

from core.app_keys import DATABASE
from core.client_address import client_address, limit_key
from core.errors import TooLarge
from core.identity import Person
from core.rest.errors import RestError
from core.rest.exposure import GATEWAY, Exposure, Gateway, RestDatabase
from core.rest.media_types import MediaType, parse_accept
from core.rest.preferences import Preferences, parse_prefer
from core.web import person_of


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request whose headers are understood, and who sent it."""

    request: web.Request
    gateway: Gateway
    person: Person
    schema: str
    media_type: MediaType
    preferences: Preferences

    @property
    def exposure(self) -> Exposure:
        """What may be asked for."""
        return self.gateway.exposure

    @property
    def database(self) -> RestDatabase:
        """Where to ask."""
        return self.gateway.database or self.request.app[DATABASE]

    @property
    def caller(self) -> str:
        """Whom the limits of simultaneous requests count."""
        return str(self.person.user_id or f"{self.person.kind} {limit_key(client_address(self.request))}")

    @property
    def single(self) -> bool:
        """Whether one object is asked for, so that any other number of rows is an error."""
        return self.media_type.form == "object"


async def understand(request: web.Request) -> Incoming:
    """Reads the headers. Raises RestError (PGRST106, PGRST107, PGRST122, PGRST302) and Unauthorized."""
    gateway = request.app[GATEWAY]
    schema = _schema(request, gateway.exposure.schemas)
    media_type = parse_accept(request.headers.get("Accept", ""))
    preferences = parse_prefer(request.headers.getall("Prefer", ()))
    person = await person_of(request)
    if person.kind == "anonymous" and not gateway.exposure.anonymous:
        raise RestError(401, "PGRST302", "Anonymous access is disabled")
    return Incoming(request, gateway, person, schema, media_type, preferences)


async def read_body(incoming: Incoming) -> bytes:
    """The whole body. Raises TooLarge (413, PGRST102 on this wire) as soon as it is longer than allowed."""
    maximum = incoming.exposure.max_body_bytes
    body = bytearray()
    async for piece in incoming.request.content.iter_any():
        body += piece
        if len(body) > maximum:
            raise TooLarge(f"The body is longer than {maximum} bytes.")
    return bytes(body)


def _schema(request: web.Request, exposed: tuple[str, ...]) -> str:
    header = "Accept-Profile" if request.method in ("GET", "HEAD") else "Content-Profile"
    asked = request.headers.get(header, exposed[0])
    if asked not in exposed:
        raise RestError(
            406,
            "PGRST106",
            f"Invalid schema: {asked[:100]}",
            hint=f"Only the following schemas are exposed: {', '.join(exposed)}",
        )
    return asked
