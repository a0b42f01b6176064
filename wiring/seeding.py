"""`seed` and `--demo`: courses and people to show the product with."""

from accounts.sign_in.passwords import Passwords
from core.settings import Settings
from lms.demo_content import seed_demo, seed_demo_media
from lms.demo_people import DEMO_PEOPLE, seed_people
from wiring.stores import Stores, open_stores


async def seed_demo_content(stores: Stores, settings: Settings, *, people: bool) -> None:
    """The demo courses and, if wanted, the demo people; what is there already stays as it is."""
    given = settings.demo_password
    chosen = {person.role: given.get_secret_value() for person in DEMO_PEOPLE} if given else None
    passwords = Passwords()
    await seed_demo_media(stores.database, stores.blobs)
    try:
        async with stores.database.acting_as_service() as tx:
            seeded = await seed_people(tx, passwords.hash, chosen) if people else None
            await seed_demo(tx, people=seeded)
    finally:
        passwords.close()


async def seed_only(settings: Settings, *, people: bool) -> None:
    """Seeds and ends."""
    async with open_stores(settings) as stores:
        await seed_demo_content(stores, settings, people=people)
    print("The demo content is there.")
