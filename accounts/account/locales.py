"""In which language, and with which time zone, somebody is written to."""

import asyncio
from uuid import UUID

from core.db import Tx
from core.localised import Locale, language_of, zone_named

_LOCALE = """
select coalesce(s.language, site.language) as language, coalesce(s.time_zone, site.time_zone) as time_zone
  from public.site_settings site left join public.personal_settings s on s.user_id = $1
"""


async def locale_of(tx: Tx, user_id: UUID | None) -> Locale:
    """What the person has chosen, else what the site's settings say; `tx` acts as the service."""
    row = await tx.fetchrow(_LOCALE, user_id)
    if row is None:
        return Locale()
    await asyncio.to_thread(zone_named, row["time_zone"])  # it may have to be read from disk
    return Locale(language_of(row["language"]), row["time_zone"])
