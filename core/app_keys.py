"""The objects of a running server, under the keys that handlers find them by."""

from aiohttp import web

from core.blobs import Blobs
from core.clock import Clock
from core.db import Database
from core.mailer import Mailer
from core.secrets import Secrets
from core.settings import Settings

SETTINGS = web.AppKey("settings", Settings)
SECRETS = web.AppKey("secrets", Secrets)
CLOCK: web.AppKey[Clock] = web.AppKey("clock")
DATABASE: web.AppKey[Database] = web.AppKey("database", Database)
BLOBS: web.AppKey[Blobs] = web.AppKey("blobs", Blobs)
MAILER: web.AppKey[Mailer] = web.AppKey("mailer")
SITE_URL = web.AppKey("site_url", str)
"""Where people reach this server, as its own settings say: never what a request calls it."""
