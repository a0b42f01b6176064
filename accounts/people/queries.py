"""Statements about many people at once, and about one person in the hands of an admin; `tx` is the service's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.account.shapes import Account
from accounts.people.plan import KnownPerson
from core.db import Tx

IMPORT_LOCK = "callx.people_import"
_PERSON = """
    select u.id, u.email, p.full_name, u.deactivated_at is null as active,
      array(select r.role::text from public.user_roles r where r.user_id = u.id) as roles,
      array(
        select m.email from public.manager_assignments a join auth.users m on m.id = a.manager_id
        where a.trainee_id = u.id
      ) as managers
    from auth.users u join public.profiles p on p.id = u.id
"""


async def wait_for_other_imports(tx: Tx) -> None:
    """Imports take turns: what one decided must still hold when it writes."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", IMPORT_LOCK)


async def known_people(tx: Tx, emails: Collection[str]) -> dict[str, KnownPerson]:
    """By address: who of these exists, and every active admin."""
    rows = await tx.fetch(
        _PERSON
        + """where u.email = any ($1) or (
               u.deactivated_at is null
               and exists (select from public.user_roles r where r.user_id = u.id and r.role = 'admin')
             )""",
        list(emails),
    )
    return {
        row["email"]: KnownPerson(
            row["id"],
            row["email"],
            row["full_name"],
            frozenset(row["roles"]),
            frozenset(row["managers"]),
            row["active"],
        )
        for row in rows
    }


async def insert_people(tx: Tx, names: Mapping[str, str]) -> dict[str, UUID]:
    """New people by address, without a password; an admin vouches for the address. A trigger adds profile and role."""
    rows = await tx.fetch(
        """insert into auth.users (email, email_confirmed_at, raw_user_meta_data)
           select email, now(), jsonb_build_object('full_name', full_name)
           from unnest($1::text[], $2::text[]) as given (email, full_name)
           returning id, email""",
        list(names),
        list(names.values()),
    )
    return {row["email"]: row["id"] for row in rows}


async def insert_person(tx: Tx, email: str, password_hash: str | None, full_name: str) -> UUID | None:
    """A person whose address counts as confirmed; a trigger adds profile and default role. None if it is taken."""
    user_id: UUID | None = await tx.fetchval(
        """
        insert into auth.users (email, encrypted_password, email_confirmed_at, raw_user_meta_data)
        values ($1, $2, now(), jsonb_build_object('full_name', $3::text))
        on conflict (email) do nothing returning id
        """,
        email,
        password_hash,
        full_name,
    )
    return user_id


async def rename_people(tx: Tx, names: Mapping[UUID, str]) -> None:
    """Gives each person the name."""
    await tx.execute(
        """update public.profiles p set full_name = given.full_name
           from unnest($1::uuid[], $2::text[]) as given (id, full_name) where p.id = given.id""",
        list(names),
        list(names.values()),
    )


async def replace_roles(tx: Tx, wanted: Mapping[UUID, Collection[str]]) -> None:
    """Gives each person exactly these roles; first what is new, so that an admin can hand over."""
    user_ids, roles = _flat(wanted)
    await tx.execute(
        """insert into public.user_roles (user_id, role)
           select * from unnest($1::uuid[], $2::text[]::public.app_role[]) on conflict (user_id, role) do nothing""",
        user_ids,
        roles,
    )
    await tx.execute(
        """delete from public.user_roles r where r.user_id = any ($3) and not exists (
             select from unnest($1::uuid[], $2::text[]::public.app_role[]) as wanted (user_id, role)
             where (wanted.user_id, wanted.role) = (r.user_id, r.role)
           )""",
        user_ids,
        roles,
        list(wanted),
    )


async def replace_managers(tx: Tx, wanted: Mapping[UUID, Collection[UUID]]) -> None:
    """Gives each person exactly these managers."""
    trainee_ids, manager_ids = _flat(wanted)
    await tx.execute(
        """delete from public.manager_assignments a where a.trainee_id = any ($3) and not exists (
             select from unnest($1::uuid[], $2::uuid[]) as wanted (trainee_id, manager_id)
             where (wanted.trainee_id, wanted.manager_id) = (a.trainee_id, a.manager_id)
           )""",
        trainee_ids,
        manager_ids,
        list(wanted),
    )
    await tx.execute(
        """insert into public.manager_assignments (trainee_id, manager_id)
           select * from unnest($1::uuid[], $2::uuid[]) on conflict (trainee_id, manager_id) do nothing""",
        trainee_ids,
        manager_ids,
    )


def _flat(wanted: Mapping[UUID, Collection[Any]]) -> tuple[list[UUID], Sequence[Any]]:
    pairs = [(key, value) for key, values in wanted.items() for value in values]
    return [key for key, _ in pairs], [value for _, value in pairs]


_ACCOUNT = """
    u.id, u.email, u.created_at, u.updated_at, u.email_confirmed_at, u.last_sign_in_at,
    u.raw_user_meta_data as user_metadata
"""


@dataclass(frozen=True, slots=True)
class ManagedAccount:
    """A person as admins see them."""

    account: Account
    deactivated_at: datetime | None


async def managed_account(tx: Tx, user_id: UUID) -> ManagedAccount | None:
    """One person."""
    row = await tx.fetchrow(f"select {_ACCOUNT}, u.deactivated_at from auth.users u where u.id = $1", user_id)  # noqa: S608
    return None if row is None else _managed(row)


async def managed_accounts(tx: Tx, *, offset: int, limit: int) -> tuple[list[ManagedAccount], int]:
    """A page of people, newest first, and how many there are in all."""
    total = await tx.fetchval("select count(*) from auth.users")
    rows = await tx.fetch(
        f"""select {_ACCOUNT}, u.deactivated_at from auth.users u
            order by u.created_at desc, u.id offset $1 limit $2""",  # noqa: S608
        offset,
        limit,
    )
    return [_managed(row) for row in rows], total


async def insert_account(
    tx: Tx, email: str, password_hash: str | None, metadata: Mapping[str, Any], *, confirmed_at: datetime | None
) -> UUID | None:
    """A new person of the role trainee. None if the address is taken."""
    user_id: UUID | None = await tx.fetchval(
        """insert into auth.users (email, encrypted_password, email_confirmed_at, raw_user_meta_data)
           values ($1, $2, $3, $4) on conflict (email) do nothing returning id""",
        email,
        password_hash,
        confirmed_at,
        dict(metadata),
    )
    return user_id


async def change_account(tx: Tx, user_id: UUID, *, email: str | None, password_hash: str | None,
                         metadata: Mapping[str, Any] | None, confirmed_at: datetime | None) -> None:  # fmt: skip
    """Changes what is given. In metadata a key whose value is null goes away. A new password ends all logins."""
    await tx.execute(
        """update auth.users set
             email = coalesce($2, email),
             encrypted_password = coalesce($3, encrypted_password),
             raw_user_meta_data = coalesce((
               select jsonb_object_agg(key, value)
               from jsonb_each(raw_user_meta_data || coalesce($4::jsonb, '{}')) where value <> 'null'
             ), '{}'),
             email_confirmed_at = coalesce(email_confirmed_at, $5)
           where id = $1""",
        user_id,
        email,
        password_hash,
        None if metadata is None else dict(metadata),
        confirmed_at,
    )
    if password_hash is not None:
        await tx.execute("update auth.logins set revoked_at = now() where user_id = $1 and revoked_at is null", user_id)


async def active_id(tx: Tx, email: str) -> UUID | None:
    """Who has this (lower-case) address and may sign in."""
    user_id: UUID | None = await tx.fetchval(
        "select id from auth.users where email = $1 and deactivated_at is null", email
    )
    return user_id


def _managed(row: Any) -> ManagedAccount:
    columns = dict(row)
    deactivated_at = columns.pop("deactivated_at")
    return ManagedAccount(Account(**columns), deactivated_at)
