"""Whatever is asked, the answer is an answer: no request may end as an error of the server."""

import random
from urllib.parse import quote

RELATED = {
    "products": ["modules", "profiles", "certifications"],
    "modules": ["lessons", "products"],
    "lessons": ["modules", "quizzes", "simulations", "lesson_completions", "lesson_attachments"],
    "simulations": ["lessons", "simulation_scenarios", "calls", "simulation_attempts"],
    "simulation_scenarios": ["simulations"],
    "calls": ["profiles", "simulations", "call_turns", "evaluations", "recordings", "call_moods"],
    "quiz_answers": ["quiz_questions"],
    "profiles": ["user_roles", "calls"],
    "user_roles": ["profiles"],
}
COLUMNS = {
    "products": ["id", "title", "is_active", "created_by"],
    "modules": ["id", "title", "order_index", "is_prerequisite"],
    "lessons": ["id", "title", "lesson_type", "order_index", "text_content"],
    "simulations": ["id", "passing_grade", "scenario_description", "ai_system_prompt"],
    "simulation_scenarios": ["simulation_id", "version", "customer_card", "goals", "script"],
    "calls": ["id", "mode", "duration_ms", "usage", "seed", "answered_at"],
    "quiz_answers": ["id", "answer_text", "is_correct"],
    "profiles": ["id", "full_name", "email"],
    "user_roles": ["id", "role"],
}
ODD = [
    *(
        "",
        "null",
        "true",
        "0",
        "-1",
        "1e400",
        "NaN",
        "infinity",
        "{",
        "}",
        "{a,b}",
        "()",
        "'",
        '"',
        "\\",
        "$1",
        "%",
        "_",
    ),
    *("text", "00000000-0000-0000-0000-000000000300", "2026-11-24", "9" * 40, "🙂", "\n", "a.b", "*", "--", ";"),
]
OPERATORS = ["eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike", "is", "in", "not.eq", "not.in", "not.is", "cs"]
CASTS = ["text", "int", "uuid", "jsonb", "bool", "timestamptz", "numeric", "regclass"]


def a_column(rng, table):
    return rng.choice([*COLUMNS.get(table, []) * 3, "created_at", "id"])


def random_select(rng, table, depth=0):
    items = []
    for _ in range(rng.randint(1, 3)):
        column = a_column(rng, table)
        items.append(rng.choice(["*", column, f"x:{column}", f"{column}::{rng.choice(CASTS)}"]))
    if depth < 4 and rng.random() < 0.7:
        related = rng.choice(RELATED.get(table, ["modules"]))
        items.append(f"{related}{rng.choice(['', '', '!inner'])}({random_select(rng, related, depth + 1)})")
    return ",".join(items)


def random_filter(rng, table):
    path, level = "", table
    if rng.random() < 0.3:
        level = rng.choice(RELATED[table])
        path = f"{level}."
    operator, value = rng.choice(OPERATORS), rng.choice(ODD)
    if operator.endswith("in"):
        value = f"({value},{rng.choice(ODD)})"
    if operator.endswith("is"):
        value = rng.choice(["null", "true", "unknown", "not_null"])
    return path + a_column(rng, level), f"{operator}.{value}"


def random_request(rng):
    table = rng.choice(list(RELATED))
    pairs = [("select", random_select(rng, table))] if rng.random() < 0.8 else []
    pairs += [random_filter(rng, table) for _ in range(rng.randint(0, 2))]
    if rng.random() < 0.3:
        pairs.append(("order", f"{a_column(rng, table)}.{rng.choice(['asc', 'desc', 'nullslast'])}"))
    if rng.random() < 0.3:
        pairs.append((rng.choice(["limit", "offset"]), rng.choice(["0", "3", "9" * 18, *ODD])))
    return f"{table}?" + "&".join(f"{quote(key)}={quote(value)}" for key, value in pairs)


async def test_random_reads_never_fail_on_our_side(tess, ada):
    rng = random.Random(20_261_124)
    answered = 0
    for number in range(300):
        reader, request = (tess, ada)[number % 2], random_request(rng)
        headers = reader.headers | rng.choice([{}, {"Prefer": "count=exact"}])
        async with reader.client.get(f"/rest/v1/{request}", headers=headers) as response:
            body = await response.json()
        assert response.status < 500, (request, body)
        assert reader is ada or "SECRET" not in str(body)
        answered += response.status < 300
    assert answered > 30  # else this tries nothing but errors
