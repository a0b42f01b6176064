-- Managers and admins who read what others did over REST are noted, like those who open a recording.

drop index public.audit_events_actor_id_idx;
create index audit_events_actor_id_idx on public.audit_events (actor_id, at);

create function callx.audit_read(_tables text[], _query text, _rows int) returns void
language plpgsql
security definer
set search_path = ''
as $$
declare
  _what jsonb := jsonb_build_object('tables', to_jsonb(_tables), 'query', left(_query, 1000));
begin
  -- Whoever is neither sees nothing but their own.
  if current_setting('role') not in ('callx_manager', 'callx_admin') or exists (
    select from public.audit_events e
    where e.actor_id = auth.uid() and e.at > pg_catalog.clock_timestamp() - interval '10 minutes'
      and e.action = 'results.viewed' and e.details - 'rows' = _what
  ) then
    return;
  end if;
  perform callx.audit('results.viewed', 'tables', null, _what || jsonb_build_object('rows', _rows));
end
$$;
comment on function callx.audit_read(text[], text, int) is
  'Notes that a manager or an admin reads these tables over REST. The same question within ten minutes is the same look.';

grant execute on function callx.audit_read(text[], text, int) to authenticated;
