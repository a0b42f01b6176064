-- When a certificate is earned, and when it is renewed. What is completed is callx.module_states' to say.

create function callx.renewal_open(_user_id uuid, _product_id uuid, _since timestamptz) returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select not exists (
    select from callx.lesson_places l
    join public.lessons s on s.id = l.lesson_id
    where l.product_id = _product_id and l.counts and (
      s.lesson_type = 'quiz' and not exists (
        select from public.quizzes q join public.quiz_attempts a on a.quiz_id = q.id
        where q.lesson_id = s.id and a.user_id = _user_id and a.passed and a.attempted_at > _since
      )
      or s.lesson_type = 'simulation' and not exists (
        select from public.simulations q join public.simulation_attempts a on a.simulation_id = q.id
        where q.lesson_id = s.id and a.user_id = _user_id and a.passed and a.attempted_at > _since
      )
    )
  )
$$;
comment on function callx.renewal_open(uuid, uuid, timestamptz) is
  'Whether everything that can be passed in a product was passed again after that.';

create function callx.is_assessed(_product_id uuid) returns boolean
language sql stable
security definer
set search_path = ''
as $$
  select exists (
    select from callx.lesson_places l join public.lessons s on s.id = l.lesson_id
    where l.product_id = _product_id and l.counts and s.lesson_type in ('quiz', 'simulation')
  )
$$;

create function callx.average_best_score(_user_id uuid, _product_id uuid) returns int
language sql stable
security definer
set search_path = ''
as $$
  select round(avg(b.best))::int
  from (
    select max(a.score) as best
    from callx.lesson_places l join public.quizzes q on q.lesson_id = l.lesson_id
    join public.quiz_attempts a on a.quiz_id = q.id and a.user_id = _user_id and a.passed
    where l.product_id = _product_id and l.counts group by q.id
    union all
    select max(a.overall_score)
    from callx.lesson_places l join public.simulations s on s.lesson_id = l.lesson_id
    join public.simulation_attempts a on a.simulation_id = s.id and a.user_id = _user_id and a.passed
    where l.product_id = _product_id and l.counts group by s.id
  ) b
$$;
comment on function callx.average_best_score(uuid, uuid) is
  'The mean of the best passed result of each quiz and simulation; null where there is neither.';

create function callx.certificate_standing(_user_id uuid, _product_id uuid)
returns table (
  is_open boolean, is_complete boolean, is_assessed boolean, holder_name text, product_title text, score int,
  valid_days int, background text,
  certification_id uuid, number int, issued_at timestamptz, expires_at timestamptz, revoked_at timestamptz,
  renewal_opens_at timestamptz, is_renewal_earned boolean
)
language sql stable
security definer
set search_path = ''
as $$
  select
    p.id = any (callx.products_of(u.id)),
    coalesce((
      select sum(s.total_lessons) > 0 and bool_and(s.completed_lessons = s.total_lessons)
      from callx.module_states(u.id, array[p.id]) s
    ), false),
    callx.is_assessed(p.id), u.full_name, p.title, callx.average_best_score(u.id, p.id),
    p.certificate_valid_days, p.certificate_background,
    c.id, coalesce(i.number, 0), i.issued_at, i.expires_at, i.revoked_at, w.opens_at,
    coalesce(callx.renewal_open(u.id, p.id, w.opens_at), false)
  from public.profiles u
  cross join public.products p
  left join public.certifications c on c.user_id = u.id and c.product_id = p.id
  left join lateral (
    select n.* from public.certificate_issues n where n.certification_id = c.id order by n.number desc limit 1
  ) i on true
  -- Never before it was issued: what earned it the first time does not earn it a second time.
  cross join lateral (
    select greatest(i.expires_at - make_interval(days => p.certificate_renewal_days), i.issued_at)
    where i.expires_at is not null
    union all select null where i.expires_at is null
  ) w (opens_at)
  where u.id = _user_id and p.id = _product_id
$$;
comment on function callx.certificate_standing(uuid, uuid) is
  'All that decides whether a person is given a certificate of a product now; no row when one of them is not there.';

create function callx.what_is_missing(_user_id uuid, _product_id uuid)
returns table (module_id uuid, title text, is_locked boolean, total_lessons int, completed_lessons int, lessons text[])
language sql stable
security definer
set search_path = ''
as $$
  select s.module_id, m.title, s.is_locked, s.total_lessons, s.completed_lessons,
    case when s.is_locked then '{}' else array(
      select l.title from callx.lesson_places p join public.lessons l on l.id = p.lesson_id
      where p.module_id = s.module_id and p.counts and not exists (
        select from public.lesson_completions c where c.lesson_id = l.id and c.user_id = _user_id
      )
      order by l.order_index
    ) end
  from callx.module_states(_user_id, array[_product_id]) s join public.modules m on m.id = s.module_id
  where s.completed_lessons < s.total_lessons
  order by s.order_index
$$;
comment on function callx.what_is_missing(uuid, uuid) is 'Says nothing of the lessons that a lock still hides.';

create function callx.probably_earned(_limit int) returns table (user_id uuid, product_id uuid)
language sql stable
security definer
set search_path = ''
as $$
  select c.user_id, l.product_id
  from public.lesson_completions c
  join callx.lesson_places l on l.lesson_id = c.lesson_id and l.counts
  join public.products p on p.id = l.product_id and p.is_active and p.archived_at is null
  where not exists (
    select from public.certifications o where o.user_id = c.user_id and o.product_id = l.product_id
  )
  group by c.user_id, l.product_id
  having count(*) = (select count(*) from callx.lesson_places a where a.product_id = l.product_id and a.counts)
  order by max(c.completed_at) limit _limit
$$;
comment on function callx.probably_earned(int) is
  'Who has every lesson and no certificate: candidates, for callx.certificate_standing to decide.';

grant execute on function
  callx.certificate_standing(uuid, uuid), callx.what_is_missing(uuid, uuid), callx.probably_earned(int)
  to service_role;

-- A pass by somebody who is certified completes nothing new, and may renew.

create function callx.emit_passed_again() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
declare
  _product_id uuid;
begin
  if tg_table_name = 'quiz_attempts' then
    select l.product_id into _product_id
    from public.quizzes q join callx.lesson_places l on l.lesson_id = q.lesson_id where q.id = new.quiz_id;
  else
    select l.product_id into _product_id
    from public.simulations s join callx.lesson_places l on l.lesson_id = s.lesson_id where s.id = new.simulation_id;
  end if;
  if exists (
    select from public.certifications c
    where c.user_id = new.user_id and c.product_id = _product_id and c.expires_at is not null
  ) then
    perform callx.emit_fact(
      'PassedAgain', pg_catalog.jsonb_build_object('user_id', new.user_id, 'product_id', _product_id)
    );
  end if;
  return null;
end
$$;

create trigger quiz_attempts_passed_again after insert on public.quiz_attempts
  for each row when (new.passed) execute function callx.emit_passed_again();
create trigger simulation_attempts_passed_again after insert on public.simulation_attempts
  for each row when (new.passed) execute function callx.emit_passed_again();

-- Taking back, by admins, with a reason that the log keeps.

create function callx.certification_for_admin(_certification_id uuid) returns public.certifications
language plpgsql
security definer
set search_path = ''
as $$
declare
  _certification public.certifications;
begin
  perform callx.require_admin();
  select * into _certification from public.certifications c where c.id = _certification_id for update;
  if not found then
    raise exception 'There is no such certification.' using errcode = 'P0002';
  end if;
  return _certification;
end
$$;

create function public.revoke_certification(certification_id uuid, reason text) returns void
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  _certification public.certifications := callx.certification_for_admin(revoke_certification.certification_id);
  _reason text := btrim(revoke_certification.reason);
begin
  if coalesce(_reason, '') = '' or length(_reason) > 1000 then
    raise exception 'A reason is needed, of at most 1000 letters.' using errcode = '22023';
  end if;
  update public.certificate_issues i
  set revoked_at = now(), revoked_by = auth.uid(), revocation_reason = _reason
  where i.certification_id = _certification.id and i.revoked_at is null;
  if not found then
    return;
  end if;
  perform callx.audit(
    'certificate.revoked', 'certificate', _certification.id,
    jsonb_build_object('user_id', _certification.user_id, 'product_id', _certification.product_id, 'reason', _reason)
  );
  perform callx.emit_fact('CertificateRevoked', jsonb_build_object(
    'certification_id', _certification.id, 'user_id', _certification.user_id, 'product_id', _certification.product_id
  ));
end
$$;
comment on function public.revoke_certification(uuid, text) is
  'For admins: takes back a certificate and all that it renewed. Doing it again changes nothing.';

create function public.reinstate_certification(certification_id uuid, reason text) returns void
language plpgsql
security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  _certification public.certifications := callx.certification_for_admin(reinstate_certification.certification_id);
  _reason text := btrim(reinstate_certification.reason);
begin
  if coalesce(_reason, '') = '' or length(_reason) > 1000 then
    raise exception 'A reason is needed, of at most 1000 letters.' using errcode = '22023';
  end if;
  update public.certificate_issues i set revoked_at = null, revoked_by = null, revocation_reason = null
  where i.certification_id = _certification.id and i.revoked_at is not null;
  if not found then
    return;
  end if;
  perform callx.audit(
    'certificate.reinstated', 'certificate', _certification.id,
    jsonb_build_object('user_id', _certification.user_id, 'product_id', _certification.product_id, 'reason', _reason)
  );
  perform callx.emit_fact('CertificateReinstated', jsonb_build_object(
    'certification_id', _certification.id, 'user_id', _certification.user_id, 'product_id', _certification.product_id
  ));
end
$$;
comment on function public.reinstate_certification(uuid, text) is 'For admins: a revocation was a mistake.';

grant execute on function public.revoke_certification(uuid, text), public.reinstate_certification(uuid, text)
  to callx_admin, service_role;
