"""What handlers of certification find on the application."""

from aiohttp import web

from lms.certification.backgrounds import Backgrounds
from lms.certification.badges.making import Badges
from lms.certification.issuing import Issuer
from lms.certification.reissuing import Reissuer

ISSUER = web.AppKey("certificate_issuer", Issuer)
BADGES = web.AppKey("certificate_badges", Badges)
BACKGROUNDS = web.AppKey("certificate_backgrounds", Backgrounds)
REISSUER = web.AppKey("certificate_reissuer", Reissuer)
