"""How each table of the access matrix is tried. A new table needs an entry here and a row in test_access_matrix.py."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Probe:
    """How a table is tried: which rows are meant, an insert and an update that the best-entitled person may do."""

    rows: str
    insert: str
    update: str


def _refused(rows: str, column: str) -> Probe:
    return Probe(rows, "default values", f"{column} = {column}")


PROBES: Mapping[str, Probe] = {
    "auth.users": _refused("id = '{tess}'", "email"),
    "auth.logins": _refused("user_id = '{tess}'", "ip"),
    "auth.refresh_tokens": _refused("true", "used_at"),
    "auth.letters": _refused("true", "recipient"),
    "auth.one_time_tokens": _refused("true", "used_at"),
    "auth.email_changes": _refused("true", "new_email"),
    "profiles": Probe("id = '{tess}'", "default values", "full_name = 'Tess'"),
    "user_roles": Probe("user_id = '{tess}'", "(user_id, role) values ('{tess}', 'manager')", "role = 'manager'"),
    "manager_assignments": Probe(
        "trainee_id = '{tess}' and manager_id = '{mira}'",
        "(trainee_id, manager_id) values ('{tess}', '{otto}')",
        "manager_id = '{otto}'",
    ),
    "site_settings": Probe("true", "default values", "open_enrolment = false"),
    "assignments": Probe("user_id = '{tess}'", "(user_id, product_id) values ('{tess}', '{spare}')", "due_at = now()"),
    "products": Probe("id = '{spare}'", "(title) values ('New')", "title = 'New'"),
    "modules": Probe(
        "product_id = '{spare}'", "(product_id, title, order_index) values ('{spare}', 'New', 9)", "title = 'New'"
    ),
    "lessons": Probe(
        "module_id = '{module}'",
        "(module_id, title, lesson_type, order_index) values ('{module}', 'New', 'text', 9)",
        "title = 'New'",
    ),
    "lesson_attachments": Probe(
        "lesson_id = '{text}'", "(lesson_id, file_name, file_path) values ('{text}', 'a', 'b')", "file_name = 'New'"
    ),
    "lesson_videos": Probe("lesson_id = '{video}'", "(lesson_id) values ('{text}')", "duration_ms = 1"),
    "documents": _refused("path = 'x/a.pdf'", "state"),
    "document_pages": Probe("text = 'Page.'", "default values", "text = ''"),
    "video_watching": Probe(
        "user_id = '{tess}'", "(user_id, lesson_id) values ('{tess}', '{text}')", "watched = '{{[0,9)}}'"
    ),
    "quizzes": Probe("id = '{quiz}'", "(lesson_id, passing_grade) values ('{text}', 1)", "passing_grade = 2"),
    "quiz_questions": Probe(
        "quiz_id = '{quiz}'",
        "(quiz_id, question_text, question_type, order_index) values ('{quiz}', 'New?', 'true_false', 9)",
        "question_text = 'New?'",
    ),
    "quiz_answers": Probe(
        "question_id = '{question}'",
        "(question_id, answer_text, is_correct, order_index) values ('{question}', 'New', true, 9)",
        "is_correct = true",
    ),
    "simulations": Probe(
        "id = '{simulation}'",
        """(lesson_id, scenario_description, ai_system_prompt, passing_grade) values ('{text}', 'New', 'New', 1)""",
        "ai_system_prompt = 'New'",
    ),
    "simulation_scenarios": Probe(
        "simulation_id = '{simulation}'",
        """(simulation_id, title, customer_name, script) values ('{bare_simulation}', 'New', 'Casey', '{{}}')""",
        "script = '{{}}'",
    ),
    "module_locks": Probe("product_id = '{spare}'", "(is_locked) values (false)", "is_locked = false"),
    "lesson_completions": Probe(
        "user_id = '{tess}'", "(user_id, lesson_id) values ('{tess}', '{text}')", "user_id = user_id"
    ),
    "quiz_attempts": Probe(
        "user_id = '{tess}'",
        "(user_id, quiz_id, score, passed, answers) values ('{tess}', '{quiz}', 1, true, '[]')",
        "score = 100",
    ),
    "quiz_allowances": Probe(
        "user_id = '{tess}'", "(user_id, quiz_id) values ('{tess}', '{quiz}')", "extra_attempts = 2"
    ),
    "simulation_attempts": Probe(
        "user_id = '{tess}'",
        """(user_id, simulation_id, overall_score, passed, transcript)
           values ('{tess}', '{simulation}', 99, true, '[]')""",
        "passed = true",
    ),
    "certifications": Probe(
        "user_id = '{tess}'",
        "(user_id, product_id, certificate_url) values ('{tess}', '{spare}', 'x')",
        "certificate_url = 'x'",
    ),
    "certificate_issues": Probe(
        "number = 1",
        """(certification_id, number, code, holder_name, product_title, issuer, issued_at, object_name, pdf_sha256)
           select id, 9, '0000000000000000', 'T', 'B', 'C', now(), 'z.pdf', repeat('0', 64)
           from public.certifications""",
        "revoked_at = null",
    ),
    "certificate_badges": Probe(
        "status_number >= 0",
        "(issue_id, status_number, credential, printed_at) select id, 8, 'x.y.z', now() from public.certificate_issues",
        "credential = 'x.y.z'",
    ),
    "certificate_reissues": Probe(
        "reason = 'A new logo.'",
        "(product_id, how, which, reason, total) values ('{spare}', 'reprint', 'all', 'Because.', 1)",
        "done = 1",
    ),
    "certificate_reissue_items": Probe("true", "default values", "problem = 'None.'"),
    "calls": Probe(
        "user_id = '{tess}'",
        "(user_id, simulation_id, mode, token_hash, seed) values ('{tess}', '{simulation}', 'exam', '', 1)",
        "state = 'ended'",
    ),
    "call_turns": Probe(
        "call_id = '{call}'",
        "(call_id, number, speaker, text, start_ms, end_ms) values ('{call}', 9, 'user', 'Sorry!', 1, 2)",
        "text = 'Sorry!'",
    ),
    "call_gaps": Probe(
        "call_id = '{call}'", "(call_id, line, from_ms, to_ms) values ('{call}', 'customer', 9, 99)", "to_ms = 999"
    ),
    "call_moods": Probe("call_id = '{call}'", "(call_id, at_ms, mood) values ('{call}', 9, 99)", "mood = 99"),
    "recordings": Probe("call_id = '{call}'", "default values", "state = 'ready'"),
    "letters": Probe("user_id = '{tess}'", "(kind) values ('x')", "kind = 'x'"),
    "personal_settings": Probe(
        "user_id = '{tess}'",
        "(user_id, language) values ('{tess}', 'fr') on conflict (user_id) do update set language = 'fr'",
        "time_zone = 'Europe/Paris'",
    ),
    "notifications": Probe(
        "user_id = '{tess}'",
        "(user_id, kind, subject_id, title) values ('{tess}', 'welcome', '{tess}', 'New')",
        "read_at = now()",
    ),
    "notification_preferences": Probe(
        "user_id = '{tess}'",
        "(user_id, kind, channel, enabled) values ('{tess}', 'all', 'email', false)",
        "enabled = true",
    ),
    "awards": Probe(
        "user_id = '{tess}'",
        """(user_id, badge, subject_kind, subject_id, earned_at)
           values ('{tess}', 'x', 'quiz_attempt', '{quiz}', now())""",
        "badge = 'x'",
    ),
    "team_settings": Probe(
        "manager_id = '{mira}'",
        "(manager_id, recognition) values ('{mira}', true) on conflict (manager_id) do update set recognition = false",
        "recognition = false",
    ),
    "call_events": _refused("call_id = '{call}'", "kind"),
    "audit_events": _refused("true", "action"),
    "storage.buckets": Probe("id = 'extra'", "(id, name) values ('another', 'another')", "public = true"),
    "storage.objects": Probe(
        "name = 'spare.mp4'",
        "(bucket_id, name) values ('lesson-videos', 'another.mp4')",
        "name = 'renamed.mp4'",
    ),
    "storage.resumable_uploads": Probe(
        "name = 'half.mp4'",
        """(bucket_id, name, length, content_type, cache_control, upsert, expires_at)
           values ('extra', 'more.mp4', 1, 'video/mp4', '', false, now())""",
        "received = 9",
    ),
    "storage.upload_parts": Probe(
        "upload_id = '{upload}'",
        "(upload_id, start, size_bytes, version) values ('{upload}', 8, 1, gen_random_uuid())",
        "size_bytes = 9",
    ),
    "call_comments": Probe(
        "call_id = '{call}'", "(call_id, body) values ('{call}', 'Well said.')", "resolved_at = now()"
    ),
    "reviews": _refused("call_id = '{call}'", "reason"),
    "evaluation_versions": Probe("call_id = '{call}'", "default values", "report = '{{}}'"),
    "review_requests": Probe(
        "call_id = '{call}'", "(call_id, reason) values ('{second_call}', 'I did say it.')", "state = 'answered'"
    ),
    "review_claims": _refused("call_id = '{call}'", "claimed_at"),
    "review_queue": Probe("call_id = '{call}'", "(call_id) values ('{call}')", "title = 'New'"),
    "report_subscriptions": Probe(
        "user_id = '{mira}'",
        "(user_id, every) values ('{mira}', 'month')",
        "language = 'fr'",
    ),
    "unverified_evaluations": Probe("user_id = '{tess}'", "default values", "report = '{{}}'"),
    "model_usage": Probe("user_id = '{tess}'", "default values", "cost_usd = 0"),
    "evaluations": Probe("call_id = '{call}'", "(call_id) values ('{call}')", "report = '{{}}'"),
}
