-- Several servers over one database: who ends a call of another server, and where a recording's journal lies.

alter table public.calls add column hang_up_requested_at timestamptz;
comment on column public.calls.hang_up_requested_at is
  'Its trainee wants to end the call and asked another server than the one that holds it; that one looks at each beat.';

alter table public.recordings
  add column kept_at uuid,
  add column left_for_keeper boolean not null default false,
  add column failure text;
comment on column public.recordings.kept_at is
  'The data directory in which the journal lies; only a process that has this directory can make the recording.';
comment on column public.recordings.left_for_keeper is
  'A process that does not have the journal was asked to make the recording: who has it need not wait any longer.';
comment on column public.recordings.failure is 'Why there is no recording: journal_missing, journal_broken, keeper_gone.';
create index recordings_encoding_idx on public.recordings (kept_at) where state in ('encoding', 'failed');

grant select (failure) on public.recordings to authenticated;
