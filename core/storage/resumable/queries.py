"""Every SQL statement of resumable uploads."""
# ruff: noqa: S608 - what is put in is the list of columns

_UPLOAD = """
    id, bucket_id, name, length, received, content_type, cache_control, user_metadata, upsert, finished_at, expires_at
"""

BEGIN = f"""
    insert into storage.resumable_uploads
      (bucket_id, name, length, content_type, cache_control, user_metadata, upsert, expires_at)
    select $1::text, $2::text, $3::bigint, $4::text, $5::text, $6::jsonb, $7::boolean, $8::timestamptz
    where $9 > (
      select count(*) from storage.resumable_uploads u
      where u.owner_id is not distinct from auth.uid() and u.finished_at is null and u.expires_at > $10
    )
    returning {_UPLOAD}
"""
"""No row when this person has that many uploads under way."""

FIND = f"select {_UPLOAD} from storage.resumable_uploads where id = $1 and expires_at > $2"

ADD_PART = """
    with advanced as (
      update storage.resumable_uploads set received = received + $3, expires_at = $5
      where id = $1 and received = $2 and finished_at is null
      returning id
    )
    insert into storage.upload_parts (upload_id, start, size_bytes, version)
    select a.id, $2, $3, $4 from advanced a returning start
"""
"""No row when somebody else has added a part at this place: of two, the first counts."""

PARTS = "select start, size_bytes, version from storage.upload_parts where upload_id = $1 order by start"

CLAIM = """
    update storage.resumable_uploads set finisher = $2, finisher_until = $3::timestamptz
    where id = $1 and finished_at is null
      and (finisher is null or finisher = $2 or finisher_until < $4::timestamptz)
    returning id
"""
RELEASE = """
    update storage.resumable_uploads set finisher = null, finisher_until = null where id = $1 and finisher = $2
"""
FINISH = """
    update storage.resumable_uploads set finished_at = $3
    where id = $1 and finisher = $2 and finished_at is null and received = length
    returning id
"""

GIVE_UP = "delete from storage.resumable_uploads where id = $1 returning id"
REMOVE_EXPIRED = """
    with expired as (delete from storage.resumable_uploads where expires_at <= $1 returning id)
    select count(*) from expired
"""
UNFINISHED = "select id from storage.resumable_uploads where id = any ($1::uuid[]) and finished_at is null"
