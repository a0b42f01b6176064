"""What handlers of the storage wire find on the application."""

from aiohttp import web

from core.storage.links import ObjectLinks
from core.storage.objects import Objects

OBJECTS = web.AppKey("storage_objects", Objects)
OBJECT_LINKS = web.AppKey("storage_object_links", ObjectLinks)
