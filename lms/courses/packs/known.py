"""A course that is in the database, as a pack of it would say it."""

from typing import Any
from uuid import UUID

from core.db import Tx
from lms.courses.packs import queries
from lms.courses.packs.course import PackCourse
from lms.courses.packs.plan import KnownCourse

_FIND_BY_KEY = "select p.id from public.products p where p.key = $1{live p}"
_LOAD = """
    select p.id, p.status, jsonb_build_object(
      'key', p.key, 'title', p.title, 'description', p.description,
      'certificate', jsonb_build_object(
        'valid_days', p.certificate_valid_days, 'renewal_days', p.certificate_renewal_days
      ),
      'modules', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'id', m.id, 'key', m.key, 'title', m.title, 'description', m.description,
          'prerequisite', m.is_prerequisite is true, 'draft', m.status = 'draft',
          'lessons', (
            select coalesce(jsonb_agg(jsonb_build_object(
              'id', l.id, 'key', l.key, 'title', l.title, 'type', l.lesson_type, 'draft', l.status = 'draft',
              'must_watch', l.must_watch, 'text', l.text_content,
              'video', case when l.lesson_type = 'video' then nullif(l.video_url, '') end,
              'attachments', (
                select coalesce(jsonb_agg(jsonb_build_object(
                  'name', a.file_name, 'file', a.file_path, 'kind', a.kind, 'language', a.language, 'label', a.label
                )), '[]')
                from public.lesson_attachments a where a.lesson_id = l.id and a.file_path <> ''
              ),
              'quiz', case when l.lesson_type = 'quiz' then (
                select jsonb_build_object(
                  'passing_grade', q.passing_grade, 'max_attempts', q.max_attempts,
                  'cool_down_minutes', q.cool_down_minutes, 'draw', q.draw_count,
                  'shuffle_questions', q.shuffle_questions, 'shuffle_answers', q.shuffle_answers,
                  'time_limit_minutes', q.time_limit_minutes, 'counts', q.counts, 'review', q.review,
                  'questions', (
                    select coalesce(jsonb_agg(jsonb_build_object(
                      'text', k.question_text, 'type', k.question_type, 'points', k.points,
                      'partial_credit', k.partial_credit, 'match', to_jsonb(array_remove(array[
                        case when k.match_case then 'case' end, case when k.match_accents then 'accents' end,
                        case when k.match_spaces then 'spaces' end
                      ], null)),
                      'accepted', to_jsonb(k.accepted_texts), 'value', k.numeric_value::text,
                      'tolerance', k.numeric_tolerance::text, 'explanation', k.explanation,
                      'answers', (
                        select coalesce(jsonb_agg(jsonb_build_object(
                          'text', a.answer_text, 'correct', a.is_correct, 'explanation', a.explanation
                        ) order by a.order_index, a.id), '[]')
                        from public.quiz_answers a where a.question_id = k.id
                      )
                    ) order by k.order_index), '[]')
                    from public.quiz_questions k where k.quiz_id = q.id
                  )
                )
                from public.quizzes q where q.lesson_id = l.id
              ) end,
              'simulation', case when l.lesson_type = 'simulation' then (
                select jsonb_build_object(
                  'passing_grade', s.passing_grade, 'scenario_description', s.scenario_description,
                  'ai_system_prompt', s.ai_system_prompt, 'call_script', s.call_script_path
                ) || coalesce((
                  select jsonb_build_object(
                    'title', c.title, 'customer_name', c.customer_name, 'goals', c.goals,
                    'customer_card', c.customer_card, 'rubric', c.rubric, 'script', c.script
                  )
                  from public.simulation_scenarios c where c.simulation_id = s.id
                ), '{}')
                from public.simulations s where s.lesson_id = l.id
              ) end
            ) order by l.order_index), '[]')
            from public.lessons l where l.module_id = m.id{live l}
          )
        ) order by m.order_index), '[]')
        from public.modules m where m.product_id = p.id{live m}
      )
    ) as course
    from public.products p where p.id = $1{live p}
"""


async def known_by_key(tx: Tx, key: str) -> KnownCourse | None:
    """The course with this key that is not archived, as an admin or the service sees it."""
    product_id = await tx.fetchval(await queries.of_live(tx, _FIND_BY_KEY), key)
    return None if product_id is None else await known_course(tx, product_id)


async def known_course(tx: Tx, product_id: UUID) -> KnownCourse | None:
    """The course with this id, drafts included; None when the caller sees none."""
    row = await tx.fetchrow(await queries.of_live(tx, _LOAD), product_id)
    if row is None:
        return None
    said: dict[str, Any] = row["course"]
    module_ids: dict[str, UUID] = {}
    lesson_ids: dict[tuple[str, str], UUID] = {}
    for module in said["modules"]:
        module_ids[module["key"]] = UUID(module.pop("id"))
        for lesson in module["lessons"]:
            lesson_ids[module["key"], lesson["key"]] = UUID(lesson.pop("id"))
    return KnownCourse(row["id"], row["status"] == "published", PackCourse.model_validate(said), module_ids, lesson_ids)
