"""Each closure is what its test stands on: taken out, the test of the hole fails."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from tests.db.holes import test_content_holes, test_people_holes, test_result_holes, test_storage_holes
from tests.support.world import World

OPEN_POLICY = "create policy open on public.{0} to authenticated using (true) with check (true)"

WITHOUT = [
    ("01", "grant select (is_correct) on public.quiz_answers to authenticated"),
    ("01", "grant select (answer_key) on public.quiz_attempts to authenticated"),
    ("02", "grant select (ai_system_prompt) on public.simulations to authenticated"),
    ("02", "grant select (rubric) on public.simulation_scenarios to callx_manager"),
    ("03", "drop trigger quiz_attempts_grade on public.quiz_attempts"),
    ("03", "drop trigger quiz_attempts_check on public.quiz_attempts"),
    ("04", "drop trigger quiz_attempts_check on public.quiz_attempts"),
    ("05", "drop trigger lesson_completions_guard on public.lesson_completions"),
    ("05", OPEN_POLICY.format("lesson_completions")),
    ("06", "drop trigger lesson_completions_unchanged on public.lesson_completions"),
    ("06", "drop trigger lesson_completions_stamp on public.lesson_completions"),
    ("07", "grant delete on public.quiz_attempts to authenticated"),
    ("08", f"grant insert on public.call_turns to authenticated; {OPEN_POLICY.format('call_turns')}"),
    ("10", f"grant insert on public.certifications to authenticated; {OPEN_POLICY.format('certifications')}"),
    (
        "12",
        """grant insert (bucket_id, name) on storage.objects to authenticated;
           create policy own on storage.objects for insert to authenticated
           with check ((storage.foldername(name))[1] = auth.uid()::text)""",
    ),
    (
        "12",
        """alter policy "Admins can manage all objects but certificates" on storage.objects
           using (true) with check (true)""",
    ),
    (
        "12",
        """alter policy "Admins can change all buckets but that of the certificates" on storage.buckets
           using (true) with check (true)""",
    ),
    ("11", "alter table public.certifications drop constraint certifications_user_id_product_id_key"),
    ("11", f"grant update on public.certifications to authenticated; {OPEN_POLICY.format('certifications')}"),
    ("11", 'alter policy "Users can view own certifications" on public.certifications using (true)'),
    (
        "14",
        "create or replace function public.is_manager_of(trainee uuid) returns boolean language sql as 'select true'",
    ),
    (
        "14",
        """create or replace function callx.require_progress_of(_user_id uuid) returns void
           language sql stable security definer as 'select'""",
    ),
    (
        "15",
        """create or replace function callx.my_trainees() returns uuid[] language sql stable security definer as
           'select array_agg(trainee_id) from public.manager_assignments where manager_id = auth.uid()'""",
    ),
    (
        "15",
        """create or replace function callx.require_team_of(_manager_id uuid) returns uuid
           language sql stable security definer as 'select coalesce(_manager_id, auth.uid())'""",
    ),
    ("16", f"grant insert on public.user_roles to authenticated; {OPEN_POLICY.format('user_roles')}"),
    ("16", 'drop policy "Managers can view own assignments" on public.manager_assignments'),
    (
        "17",
        """create policy recursive on public.user_roles to authenticated
           using (exists (select from public.user_roles r where r.role = 'admin'))""",
    ),
    (
        "18",
        """create or replace function public.has_role(_user_id uuid, _role public.app_role) returns boolean
           language sql stable security definer as
           'select exists (select from public.user_roles where user_id = _user_id and role = _role)'""",
    ),
    (
        "19",
        """create function public.believe() returns trigger language plpgsql security definer as
           $$ begin
             update public.user_roles set role = (new.raw_user_meta_data ->> 'role')::public.app_role
             where user_id = new.id;
             return new;
           end $$;
           create trigger zz_believe after insert on auth.users for each row execute function public.believe()""",
    ),
    ("20", "grant update (email) on public.profiles to authenticated"),
    ("20", OPEN_POLICY.format("profiles")),
    ("20", "drop trigger profiles_tidy_name on public.profiles"),
    ("20", "drop trigger profiles_stamp_created_at on public.profiles"),
    ("21", 'alter policy "All users can view modules" on public.modules using (true)'),
    ("21", 'alter policy "All users can view lessons" on public.lessons using (true)'),
    (
        "22",
        """alter policy "All users can view lessons" on public.lessons
           using (module_id in (select m.id from public.modules m))""",
    ),
    (
        "23",
        """create or replace function callx.module_states(_user_id uuid, _product_ids uuid[])
           returns table (module_id uuid, product_id uuid, order_index int, total_lessons int, completed_lessons int,
                          is_locked boolean)
           language sql stable security definer set search_path = public as $$
             select m.id, m.product_id, m.order_index, 0, 0,
               case when m.is_prerequisite and (
                 select count(*) from lessons l join lesson_completions lc on lc.lesson_id = l.id
                 where l.module_id = prev_module.id and lc.user_id = _user_id
               ) < (select count(*) from lessons where module_id = prev_module.id) then true else false end
             from modules m left join modules prev_module on prev_module.order_index = m.order_index - 1
           $$""",
    ),
    (
        "24",
        """create policy "Authenticated users can view videos" on storage.objects for select to authenticated
           using (bucket_id = 'lesson-videos')""",
    ),
    (
        "24",
        """create policy "Authenticated users can download attachments" on storage.objects for select to authenticated
           using (bucket_id = 'lesson-attachments')""",
    ),
    ("31", "grant select on public.site_settings to anon"),
    ("32", "drop trigger products_stamp_created_by on public.products"),
    ("32", "drop trigger products_stamp_created_at on public.products"),
    ("32", "drop trigger products_stamp_updated_at on public.products"),
    ("33", "alter table public.modules disable row level security"),
    ("34", "drop trigger user_roles_keep_an_admin on public.user_roles"),
    ("34", "drop trigger users_keep_an_admin on auth.users"),
]
"""The number of the hole, and what opens it again. Section 9's own query is what opens 23."""

TESTS: dict[str, Callable[[World], Awaitable[None]]] = {
    name.split("_")[2]: function
    for module in (test_content_holes, test_people_holes, test_result_holes, test_storage_holes)
    for name, function in vars(module).items()
    if name.startswith("test_hole_")
}


@pytest.mark.parametrize(("hole", "without"), WITHOUT, ids=[hole for hole, _ in WITHOUT])
async def test_without_its_closure_the_test_of_a_hole_fails(
    world: World, owner: asyncpg.Connection, hole: str, without: str
):
    await owner.execute(without)
    with pytest.raises((AssertionError, pytest.fail.Exception, asyncpg.PostgresError)):
        await TESTS[hole](world)


def test_every_hole_that_the_database_decides_can_be_opened():
    assert {hole for hole, _ in WITHOUT} == set(TESTS)
