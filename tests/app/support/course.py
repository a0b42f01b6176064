"""A small course to read: one open product, one closed, every type of lesson."""

import json
from uuid import UUID

from core.db import Tx

PRODUCT, CLOSED_PRODUCT = UUID(int=0x100), UUID(int=0x101)
BASICS, PRACTICE, CLOSED_MODULE = UUID(int=0x200), UUID(int=0x201), UUID(int=0x202)
WELCOME, VIDEO, QUIZ_LESSON, CALL_LESSON, CLOSED_LESSON = (UUID(int=0x300 + number) for number in range(5))
QUIZ, QUESTION = UUID(int=0x400), UUID(int=0x500)
SIMULATION = UUID(int=0x600)

_SCRIPT = json.dumps(
    {
        "title": "The bill",
        "customer": {"name": "Dana"},
        "opening": "My bill is wrong.",
        "restatements": ["It is wrong, I say."],
        "facts": [
            {"key": "limit", "label": "Limit", "value": "twelve SECRET dollars", "say": "Twelve SECRET dollars."}
        ],
        "resolution": {"offered_by": ["refund"], "agree": "Good.", "goodbye": "Bye."},
        "mood": {"angry_goodbye": "Enough."},
        "patience": {"prompts": ["Hello?"], "give_up": "I am leaving."},
    }
)
_SQL = f"""
insert into public.products (id, title, is_active, created_by) values
  ('{PRODUCT}', 'Billing', true, null), ('{CLOSED_PRODUCT}', 'Secret plans', false, null);
insert into public.modules (id, product_id, title, order_index) values
  ('{PRACTICE}', '{PRODUCT}', 'Practice', 2), ('{BASICS}', '{PRODUCT}', 'Basics', 1),
  ('{CLOSED_MODULE}', '{CLOSED_PRODUCT}', 'Secret module', 1);
insert into public.lessons (id, module_id, title, lesson_type, order_index, text_content) values
  ('{VIDEO}', '{BASICS}', 'Watch, and "learn"', 'video', 2, null),
  ('{WELCOME}', '{BASICS}', 'Welcome (all)', 'text', 1, 'Grüße 👋'),
  ('{CALL_LESSON}', '{PRACTICE}', 'The call', 'simulation', 2, null),
  ('{QUIZ_LESSON}', '{PRACTICE}', 'The quiz', 'quiz', 1, null),
  ('{CLOSED_LESSON}', '{CLOSED_MODULE}', 'Secret lesson', 'text', 1, 'secret');
insert into public.quizzes (id, lesson_id, passing_grade) values ('{QUIZ}', '{QUIZ_LESSON}', 80);
insert into public.quiz_questions (id, quiz_id, question_text, question_type, order_index) values
  ('{QUESTION}', '{QUIZ}', 'Who is right?', 'true_false', 1);
insert into public.quiz_answers (question_id, answer_text, is_correct, order_index) values
  ('{QUESTION}', 'The customer', true, 1), ('{QUESTION}', 'Nobody', false, 2);
insert into public.simulations (id, lesson_id, scenario_description, ai_system_prompt, passing_grade) values
  ('{SIMULATION}', '{CALL_LESSON}', 'A bill is wrong.', 'You are a SECRET customer.', 70);
insert into public.simulation_scenarios (simulation_id, title, customer_name, script, rubric) values
  ('{SIMULATION}', 'The bill', 'Dana', '{_SCRIPT}', '{{}}');
"""


async def add_course(tx: Tx) -> None:
    """Adds it; `tx` acts as the service."""
    await tx.execute(_SQL)


FILES = f"""
update public.lessons set video_url = 'billing/watch.mp4' where id = '{VIDEO}';
update public.lessons set video_url = 'lesson-videos/billing/hidden.mp4' where id = '{CLOSED_LESSON}';
insert into public.lesson_attachments (lesson_id, file_name, file_path) values
  ('{WELCOME}', 'Terms', 'lesson-attachments/terms.pdf'), ('{CLOSED_LESSON}', 'Secret', 'secret.pdf');
"""
"""Which files the lessons name; the files themselves are for tests to store."""


async def add_files(tx: Tx) -> None:
    """Lets lessons of the course name files; `tx` acts as the service."""
    await tx.execute(FILES)
