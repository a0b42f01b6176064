-- When the line of the trainee or of the customer was away: nobody's silence counts meanwhile.

create table public.call_gaps (
  call_id uuid not null references public.calls(id) on delete cascade,
  line text not null check (line in ('trainee', 'customer')),
  from_ms int not null check (from_ms >= 0),
  to_ms int not null check (to_ms >= from_ms),
  on_purpose boolean not null default false,
  primary key (call_id, line, from_ms)
);
comment on column public.call_gaps.from_ms is 'On the clock of the call and its recording.';
comment on column public.call_gaps.on_purpose is
  'The session of the voice model was renewed while nobody spoke, before its time was over.';

select callx.protect('public.call_gaps');
grant select on public.call_gaps to authenticated;
create policy "Gaps are visible with their call" on public.call_gaps for select to authenticated
  using (exists (select from public.calls c where c.id = call_id));
