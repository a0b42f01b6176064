-- Letters, and the one-time links and codes in them.

alter table auth.logins add column method text not null default 'password'
  check (method in ('password', 'recovery', 'otp'));
comment on column auth.logins.method is
  'How the person showed who they are. recovery: by a link that lets them choose a password without the old one.';

create table auth.letters (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind ~ '^[a-z_]{1,40}$'),
  recipient text not null check (char_length(recipient) between 3 and 320),
  user_id uuid references auth.users(id) on delete cascade,
  details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  outcome text check (outcome in ('sent', 'not_needed', 'refused')),
  check ((settled_at is null) = (outcome is null))
);
comment on table auth.letters is
  'E-mails to write. A row is made whether or not anybody has the address, so that asking takes equally long; the job '
  'that follows the fact LetterQueued finds out, and empties details. Holds no link: tokens are derived from the id.';
create index letters_user_id_idx on auth.letters (user_id);
create index letters_created_at_idx on auth.letters (created_at);

create table auth.one_time_tokens (
  id uuid primary key,
  kind text not null check (kind in ('sign_up', 'recovery', 'email_change', 'reauthentication', 'exchange')),
  token_hash bytea not null unique,
  email text not null,
  user_id uuid references auth.users(id) on delete cascade,
  details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  wrong_guesses smallint not null default 0
);
comment on table auth.one_time_tokens is
  'What a link or code in a letter is good for, once. A sign-up waits here, not in auth.users, until its address is '
  'confirmed: whoever signs up with the address of another makes no account. kind exchange: the code of PKCE.';
create index one_time_tokens_user_id_idx on auth.one_time_tokens (user_id);
create index one_time_tokens_email_idx on auth.one_time_tokens (email, kind);
create index one_time_tokens_expires_at_idx on auth.one_time_tokens (expires_at);

create table auth.email_changes (
  user_id uuid primary key references auth.users(id) on delete cascade,
  new_email text not null,
  requested_at timestamptz not null,
  current_confirmed_at timestamptz,
  new_confirmed_at timestamptz
);
comment on table auth.email_changes is 'A change of address that waits for its links: both addresses must agree.';

select callx.protect('auth.letters');
select callx.protect('auth.one_time_tokens');
select callx.protect('auth.email_changes');
