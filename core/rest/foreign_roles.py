"""Acting as a person in a database that knows nothing of CallX: the role is the one that the token names."""

import json
from dataclasses import dataclass

from core.db import Tx
from core.errors import BadRequest
from core.identity import Person
from core.rest.errors import RestError
from core.rest.sql_writer.statement import quoted

_ACT = """
    select set_config('role', r.rolname, true),
           set_config('request.jwt.claims', $2, true),
           set_config('search_path', $3, true),
           set_config('statement_timeout', $4, true)
    from pg_catalog.pg_roles r
    where r.rolname = $1 and not r.rolsuper and pg_has_role(session_user, r.oid, 'member')
      and ($5 or r.rolname <> session_user)
"""
_LOGIN = "select rolname::text as name, rolsuper as is_superuser from pg_catalog.pg_roles where rolname = session_user"
_ROLE = """
    select r.rolsuper as is_superuser, pg_has_role(session_user, r.oid, 'member') as is_ours
    from pg_catalog.pg_roles r where r.rolname = $1
"""
_SCHEMA = "select exists (select from pg_catalog.pg_namespace where nspname = $1)"


@dataclass(frozen=True, slots=True)
class ForeignRoles:
    """Which roles requests act as, and how.

    `schemas` are those exposed, `anonymous` is the role of requests that name none (None: there is no such request),
    `allowed` the only roles that a token may name (None: every role that the login is a member of, but not the login
    itself). A superuser is never among them. `extra_search_path` is where operators and functions are looked for behind
    the exposed schemas.
    """

    schemas: tuple[str, ...]
    anonymous: str | None = None
    allowed: frozenset[str] | None = None
    extra_search_path: tuple[str, ...] = ("public",)
    statement_timeout_ms: int = 8_000

    async def become(self, tx: Tx, person: Person) -> str:
        """Gives a transaction the role that the person's claims name. Raises RestError PGRST302, 42501."""
        named = person.claims.get("role")
        role = self.anonymous if named is None or person.kind == "anonymous" else named
        if role is None:
            raise RestError(401, "PGRST302", "Anonymous access is disabled")
        if not isinstance(role, str) or not await self._act(tx, person, role):
            raise RestError(403, "42501", f'permission denied to set role "{str(role)[:63]}"')
        return role

    async def check(self, tx: Tx) -> None:
        """Looks whether the database is as the operator says.

        Raises BadRequest `superuser_login`, `no_such_schema` or `role_not_usable`.
        """
        login = await tx.fetchrow(_LOGIN)
        if login["is_superuser"] and self.allowed is None:
            raise BadRequest(
                f"The database login {login['name']} is a superuser, who may act as every role. Log in as a role that "
                "is only a member of those that requests may act as, or list these with --roles.",
                code="superuser_login",
            )
        for schema in self.schemas:
            if not await tx.fetchval(_SCHEMA, schema):
                raise BadRequest(f"The database has no schema {schema}.", code="no_such_schema")
        for role in sorted({*(self.allowed or ()), *((self.anonymous,) if self.anonymous else ())}):
            found = await tx.fetchrow(_ROLE, role)
            if found is None or found["is_superuser"] or not found["is_ours"]:
                why = "is not there" if found is None else "is a superuser"
                why = f"does not have {login['name']} as a member" if found and not found["is_superuser"] else why
                raise BadRequest(f"Requests cannot act as {role}: the role {why}.", code="role_not_usable")

    async def _act(self, tx: Tx, person: Person, role: str) -> bool:
        named_here = role == self.anonymous or (self.allowed is not None and role in self.allowed)
        if "\0" in role or (self.allowed is not None and not named_here):
            return False
        claims = json.dumps({**person.claims, "role": role}, default=str)
        path = ", ".join(quoted(schema) for schema in (*self.schemas, *self.extra_search_path))
        timeout = str(self.statement_timeout_ms)
        return await tx.fetchrow(_ACT, role, claims, path, timeout, named_here) is not None
