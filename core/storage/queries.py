"""Every SQL statement of the storage wire."""

BUCKET_RULES = "select id, public, file_size_limit, allowed_mime_types from storage.buckets where id = $1"

INSERT = """
    insert into storage.objects (bucket_id, name, version, metadata, user_metadata) values ($1, $2, $3, $4, $5)
    returning *
"""
UPSERT = """
    insert into storage.objects (bucket_id, name, version, metadata, user_metadata) values ($1, $2, $3, $4, $5)
    on conflict (bucket_id, name) do update
    set version = excluded.version, metadata = excluded.metadata, user_metadata = excluded.user_metadata
    returning *
"""
FIND = "select * from storage.objects where bucket_id = $1 and name = $2"
FIND_PUBLIC = """
    select o.* from storage.objects o join storage.buckets b on b.id = o.bucket_id
    where o.bucket_id = $1 and o.name = $2 and b.public
"""
FIND_NAMES = "select name from storage.objects where bucket_id = $1 and name = any ($2::text[])"
REMOVE = "delete from storage.objects where bucket_id = $1 and name = any ($2::text[]) returning *"
REMOVE_SOME = """
    delete from storage.objects where id in (select id from storage.objects where bucket_id = $1 limit $2)
"""
HAS_OBJECTS = "select exists (select from storage.objects where bucket_id = $1)"
MOVE = "update storage.objects set bucket_id = $3, name = $4 where bucket_id = $1 and name = $2 returning *"
NAMED_VERSIONS = "select version from storage.objects where version = any ($1::uuid[])"

BUCKETS = """
    select id, name, owner, public, file_size_limit, allowed_mime_types, created_at, updated_at from storage.buckets
    where $1 = '' or strpos(lower(id), lower($1)) > 0 order by {order}, id limit $2 offset $3
"""
"""`order` is one of BUCKET_ORDER with a direction."""
BUCKET_ORDER = {"id": "id", "name": "name", "created_at": "created_at", "updated_at": "updated_at"}
FIND_BUCKET = """
    select id, name, owner, public, file_size_limit, allowed_mime_types, created_at, updated_at from storage.buckets
    where id = $1
"""
INSERT_BUCKET = """
    insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values ($1, $1, $2, $3, $4)
"""
UPDATE_BUCKET = """
    update storage.buckets set public = $2, file_size_limit = $3, allowed_mime_types = $4 where id = $1
"""
DELETE_BUCKET = "delete from storage.buckets where id = $1"

LIST = """
    with below as (
      select substr(o.name, char_length($2) + 1) as rest, o.*
      from storage.objects o
      where o.bucket_id = $1 and o.name collate "C" >= $2 and ($3::text is null or o.name collate "C" < $3)
    ),
    entries as (
      select distinct split_part(b.rest, '/', 1) as entry, true as is_folder, null::uuid as id,
        null::timestamptz as updated_at, null::timestamptz as created_at, null::timestamptz as last_accessed_at,
        null::jsonb as metadata
      from below b where strpos(b.rest, '/') > 0
      union all
      select b.rest, false, b.id, b.updated_at, b.created_at, b.last_accessed_at, b.metadata
      from below b where strpos(b.rest, '/') = 0
    )
    select * from entries e
    where $4 = '' or starts_with(lower(e.entry), lower($4))
    order by e.is_folder desc, {order}, e.entry collate "C" limit $5 offset $6
"""
"""What lies in a folder: its prefix, the name after all that begin with it, a beginning to look for."""
LIST_ORDER = {
    "name": 'e.entry collate "C"',
    "updated_at": "e.updated_at",
    "created_at": "e.created_at",
    "last_accessed_at": "e.last_accessed_at",
}
