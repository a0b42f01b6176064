"""What the admin's part of the authentication wire says of itself in `/openapi.json`."""

from accounts.wire import schemas
from core.openapi import ADMIN, Content, operation

CREATE_USER = operation(
    "Create a person",
    tag=schemas.PEOPLE_TAG,
    description="With the role trainee. Without a password they cannot sign in by one yet.",
    access=ADMIN,
    body=schemas.NewPerson,
    answers={200: schemas.User},
    errors={
        400: "`validation_failed`, `bad_json`.",
        401: schemas.NO_ADMIN,
        403: schemas.NOT_ADMIN,
        422: "`email_exists`, `weak_password`.",
        503: "`busy`, `database_unavailable`.",
    },
    error=schemas.AuthError,
)

INVITE = operation(
    "Invite a person",
    tag=schemas.PEOPLE_TAG,
    description="A letter with a link to choose a password goes to somebody new, or without one yet.",
    access=ADMIN,
    query=schemas.RedirectQuery,
    body=schemas.Invitation,
    answers={200: schemas.User},
    errors={
        400: "`validation_failed`, `bad_json`.",
        401: schemas.NO_ADMIN,
        403: schemas.NOT_ADMIN,
        422: "`email_exists`.",
    },
    error=schemas.AuthError,
)

LIST_USERS = operation(
    "List people",
    tag=schemas.PEOPLE_TAG,
    description="Newest first.",
    access=ADMIN,
    query=schemas.PageQuery,
    answers={
        200: Content(
            {"application/json": schemas.People},
            "A page of people.",
            {"X-Total-Count": "How many there are.", "Link": "The next and the last page."},
        )
    },
    errors={400: "`validation_failed`.", 401: schemas.NO_ADMIN, 403: schemas.NOT_ADMIN},
    error=schemas.AuthError,
)

SHOW_USER = operation(
    "Look at a person",
    tag=schemas.PEOPLE_TAG,
    description="As admins see one.",
    access=ADMIN,
    path=schemas.PersonPath,
    answers={200: schemas.User},
    errors={401: schemas.NO_ADMIN, 403: schemas.NOT_ADMIN, 404: "`user_not_found`."},
    error=schemas.AuthError,
)

CHANGE_USER = operation(
    "Change a person",
    tag=schemas.PEOPLE_TAG,
    description="Changes what is given; `ban_duration` deactivates and reactivates.",
    access=ADMIN,
    path=schemas.PersonPath,
    body=schemas.PersonChange,
    answers={200: schemas.User},
    errors={
        400: "`validation_failed`, `bad_json`.",
        401: schemas.NO_ADMIN,
        403: schemas.NOT_ADMIN,
        404: "`user_not_found`.",
        409: "`last_admin`: the last admin stays.",
        422: "`email_exists`, `weak_password`.",
        503: "`busy`, `database_unavailable`.",
    },
    error=schemas.AuthError,
)

DELETE_USER = operation(
    "Delete a person",
    tag=schemas.PEOPLE_TAG,
    description="The person, and all that is theirs: calls, results, certificates.",
    access=ADMIN,
    path=schemas.PersonPath,
    body=Content({"application/json": schemas.Removal}, required=False),
    answers={200: schemas.Empty},
    errors={
        400: "`bad_json`.",
        401: schemas.NO_ADMIN,
        403: schemas.NOT_ADMIN,
        404: "`user_not_found`.",
        409: "`last_admin`: the last admin stays.",
        422: "`validation_failed`: deactivate the person instead.",
    },
    error=schemas.AuthError,
)

IMPORT_FILE = operation(
    "Import people",
    tag=schemas.PEOPLE_TAG,
    description="A CSV file, as the body or as the first file of a form. `docs/people.md` has its columns.",
    access=ADMIN,
    query=schemas.ImportQuery,
    headers=schemas.ImportHeaders,
    body=Content({"text/csv": None, "multipart/form-data": None}),
    answers={
        200: Content({"application/json": schemas.ImportDone, "text/csv": None}, "What it did, or would do."),
        422: Content(
            {"application/json": schemas.ImportHindered, "text/csv": None},
            "`rows_have_errors`: nothing was changed.",
        ),
    },
    errors={
        400: "`not_utf8`, `bad_csv`, `missing_column`, `doubled_column`, `too_many_rows`, `bad_form`.",
        401: schemas.NO_ADMIN,
        403: schemas.NOT_ADMIN,
        409: "`last_admin`; `changed_meanwhile`: try again.",
    },
    error=schemas.AuthError,
)
