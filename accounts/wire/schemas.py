"""What the authentication wire's JSON looks like, for `/openapi.json`; docs/accounts.md and docs/people.md say more."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from core.openapi import Exact

SIGN_IN_TAG, ACCOUNT_TAG, PEOPLE_TAG = "Sign-in", "Account", "People"
NOT_SIGNED_IN = "`no_authorization`, `login_ended`: sign in first."
BAD_TOKEN = "`bad_jwt`: the access token is no good; `session_not_found`: its login has ended."  # noqa: S105
NO_ADMIN = "`no_authorization`, `bad_jwt`, `token_expired`, `login_ended`."
NOT_ADMIN = "`not_admin`: only an admin may do this."
TOO_MANY_LETTERS = "`over_email_send_rate_limit`; see Retry-After."
TOO_MANY_GUESSES = "`over_request_rate_limit`; see Retry-After."

Metadata = Annotated[dict[str, Any], Field(description="What people say about themselves; it decides nothing.")]
Challenge = Annotated[str | None, Field(description="PKCE: the letter's link then leads to a code.")]


class AuthError(Exact):
    """The error of this wire, in the shapes that older and newer clients read."""

    code: str = Field(examples=["invalid_credentials"])
    error_code: str = Field(description="The same as `code`.")
    message: str
    msg: str = Field(description="The same as `message`.")
    request_id: str
    weak_password: dict[str, list[str]] | None = Field(None, description="With `weak_password` only: `reasons`.")


class Identity(Exact):
    """How the person can sign in."""

    identity_id: UUID
    id: UUID
    user_id: UUID
    identity_data: dict[str, Any]
    provider: Literal["email"]
    last_sign_in_at: datetime | None
    created_at: datetime
    updated_at: datetime
    email: str


class User(Exact):
    """A person, as Supabase's clients know one."""

    id: UUID
    aud: Literal["authenticated"]
    role: Literal["authenticated"] = Field(description="The same for everybody: roles are rows of `user_roles`.")
    email: str
    email_confirmed_at: datetime | None
    phone: str
    confirmed_at: datetime | None
    last_sign_in_at: datetime | None
    app_metadata: dict[str, Any]
    user_metadata: Metadata
    identities: list[Identity]
    created_at: datetime
    updated_at: datetime
    is_anonymous: Literal[False]
    new_email: str | None = Field(None, description="An address that waits to be confirmed.")
    banned_until: datetime | None = Field(None, description="Of somebody who is deactivated.")


class Session(Exact):
    """Somebody is signed in."""

    access_token: str = Field(description="The bearer of every request; good for `expires_in` seconds.")
    token_type: Literal["bearer"]
    expires_in: int
    expires_at: int = Field(description="Seconds since 1970.")
    refresh_token: str = Field(description="For one refresh, which brings the next.")
    user: User


class TokenQuery(BaseModel):
    grant_type: Literal["password", "refresh_token", "pkce"]


class PasswordGrant(BaseModel):
    """With `grant_type=password`."""

    email: str
    password: str


class RefreshGrant(BaseModel):
    """With `grant_type=refresh_token`."""

    refresh_token: str


class PkceGrant(BaseModel):
    """With `grant_type=pkce`."""

    auth_code: str
    code_verifier: str


class LogoutQuery(BaseModel):
    scope: Literal["global", "local", "others"] = Field("global", description="Which logins end.")


class Health(Exact):
    """This wire is served."""

    name: str
    description: str
    version: str


class SignInSettings(Exact):
    """How one can sign in and up."""

    external: dict[str, bool]
    disable_signup: bool
    mailer_autoconfirm: bool = Field(description="Addresses are not confirmed by letter.")
    phone_autoconfirm: bool
    sms_provider: str
    mfa_enabled: bool
    saml_enabled: bool


class KeySet(Exact):
    """No public keys: tokens are signed with a secret."""

    keys: list[dict[str, Any]]


class RedirectQuery(BaseModel):
    redirect_to: str | None = Field(None, description="Where the letter's link ends; only allowed places.")


class SignUpWanted(BaseModel):
    """A new account."""

    email: str = Field(examples=["nina@example.com"])
    password: str
    data: Metadata = Field(default_factory=dict)
    code_challenge: Challenge = None
    code_challenge_method: Literal["s256", "plain"] | None = None


class LetterWanted(BaseModel):
    """Who gets the letter."""

    email: str = Field(examples=["nina@example.com"])
    code_challenge: Challenge = None
    code_challenge_method: Literal["s256", "plain"] | None = None


class LetterAgain(LetterWanted):
    """Which letter goes again."""

    type: Literal["signup", "email_change"]


class Empty(Exact):
    """Nothing to say."""


LinkType = Literal["signup", "recovery", "invite", "email_change"]


class LinkQuery(RedirectQuery):
    token: str | None = None
    token_hash: str | None = None
    type: str | None = Field(None, description="signup, recovery, invite or email_change.")


class VerifyByHash(BaseModel):
    """The token of a letter's link."""

    type: str
    token_hash: str


class VerifyByCode(BaseModel):
    """The code of a letter."""

    type: str
    email: str
    token: str


class HalfConfirmed(Exact):
    """One of two letters was followed; the other is still to come."""

    msg: str
    code: int


class AccountChange(BaseModel):
    """What is to change; the rest stays."""

    password: str | None = None
    current_password: str | None = Field(None, description="Needed to change a password long after signing in.")
    nonce: str | None = Field(None, description="The code of `GET /reauthenticate`, in its place.")
    email: str | None = Field(None, description="Takes effect when the letters' links were followed.")
    data: Metadata | None = None
    code_challenge: Challenge = None
    code_challenge_method: Literal["s256", "plain"] | None = None


class LoginShown(Exact):
    """A device that is signed in."""

    id: UUID
    created_at: datetime
    refreshed_at: datetime
    user_agent: str | None
    ip: str | None
    method: str
    is_current: bool


class Logins(Exact):
    """Where the person is signed in."""

    logins: list[LoginShown]


class LoginPath(BaseModel):
    login_id: UUID


class PersonPath(BaseModel):
    id: UUID


class PageQuery(BaseModel):
    page: int = Field(1, ge=1, le=1_000_000)
    per_page: int = Field(50, ge=1, le=1_000)


class People(Exact):
    """A page of people."""

    users: list[User]
    aud: Literal["authenticated"]


class PersonChange(BaseModel):
    """What is to be; what is not given stays."""

    email: str | None = Field(None, examples=["nina@example.com"])
    password: str | None = None
    user_metadata: Metadata | None = None
    email_confirm: bool | None = None
    ban_duration: str | None = Field(None, description="`876000h` deactivates, `none` reactivates.")


class NewPerson(PersonChange):
    """Somebody new, with the role trainee."""

    email: str = Field(examples=["nina@example.com"])


class Invitation(BaseModel):
    """Who is invited."""

    email: str = Field(examples=["nina@example.com"])
    data: Metadata | None = None


class Removal(BaseModel):
    """How to delete."""

    should_soft_delete: Literal[False] = Field(False, description="Deactivate people in place of it.")


class ImportQuery(BaseModel):
    dry_run: bool = Field(False, description="Say what would happen, and change nothing.")
    skip_errors: bool = Field(False, description="Import the rows that have none.")


class ImportHeaders(BaseModel):
    accept: str | None = Field(None, alias="Accept", description="`text/csv`: the report as a file to give back.")


class WrongCell(Exact):
    column: str
    reason: str


class ImportedRow(Exact):
    """What became of a row."""

    row: int = Field(description="As spreadsheets count, the header being 1.")
    email: str
    outcome: Literal["create", "update", "unchanged", "error"]
    changes: list[str]
    errors: list[WrongCell]


class ImportDone(Exact):
    """What an import did, or would do."""

    dry_run: bool
    applied: bool
    counts: dict[str, int]
    ignored_columns: list[str]
    rows: list[ImportedRow]


class ImportHindered(ImportDone):
    """Rows have errors, so nothing was changed."""

    code: Literal["rows_have_errors"]
    error_code: Literal["rows_have_errors"]
    message: str
    msg: str
