"""Every statement of the documents. All run as the service."""

WAITING = """
select d.object_id, d.version, o.metadata
  from public.documents d join storage.objects o on o.id = d.object_id and o.version = d.version
 where d.object_id = $1 and d.state = 'waiting'
"""

STORE_PAGES = "select callx.store_pages($1, $2, $3::int[], $4::text[])"

IS_READ = """
update public.documents
   set state = $3, problem = $4, page_count = $5, language = $6, read_at = $7
 where object_id = $1 and version = $2
"""
