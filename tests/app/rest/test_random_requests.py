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
OPERATORS = [
    *(
        "eq",
        "neq",
        "gt",
        "gte",
        "lt",
        "lte",
        "like",
        "ilike",
        "is",
        "in",
        "not.eq",
        "not.in",
        "not.is",
        "match",
        "imatch",
    ),
    *(
        "cs",
        "cd",
        "ov",
        "sl",
        "sr",
        "nxr",
        "nxl",
        "adj",
        "isdistinct",
        "fts",
        "wfts(english)",
        "not.plfts(simple)",
        "phfts(x)",
    ),
    *("eq(any)", "like(all)", "ilike(any)", "not.gt(any)", "match(all)"),
]
CASTS = ["text", "int", "uuid", "jsonb", "bool", "timestamptz", "numeric", "regclass"]


def a_column(rng, table):
    return rng.choice([*COLUMNS.get(table, []) * 3, "created_at", "id"])


def random_select(rng, table, depth=0):
    items = []
    for _ in range(rng.randint(1, 3)):
        column = a_column(rng, table)
        inside = f"{column}{rng.choice(['->', '->>'])}{rng.choice(['a', '0', '-1', '$x'])}"
        items.append(rng.choice(["*", column, f"x:{column}", f"{column}::{rng.choice(CASTS)}"] * 3 + [inside, "count"]))
    if depth < 4 and rng.random() < 0.7:
        related = rng.choice(RELATED.get(table, ["modules"]))
        spread, join = rng.choice(["", "", "..."]), rng.choice(["", "", "!inner"])
        below = rng.choice(["", "count", *[random_select(rng, related, depth + 1)] * 8])
        items.append(f"{spread}{related}{join}({below})")
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
    if operator.endswith(("(any)", "(all)")):
        value = "{" + rng.choice(["a,b", '"x, y"', "", "1,2", value]) + "}"
    column = a_column(rng, level)
    if rng.random() < 0.2:
        kind, other = rng.choice(["or", "and", "not.or"]), a_column(rng, level)
        return path + kind, f"({column}.{operator}.{value},not.and({other}.is.null,{column}->>a.eq.1))"
    return path + column + rng.choice([*[""] * 12, "->a", "->>0"]), f"{operator}.{value}"


def random_request(rng):
    table = rng.choice(list(RELATED))
    pairs = [("select", random_select(rng, table))] if rng.random() < 0.8 else []
    pairs += [random_filter(rng, table) for _ in range(rng.randint(0, 2))]
    if rng.random() < 0.3:
        pairs.append(("order", f"{a_column(rng, table)}.{rng.choice(['asc', 'desc', 'nullslast'])}"))
    if rng.random() < 0.3:
        pairs.append((rng.choice(["limit", "offset"]), rng.choice(["0", "3", "9" * 18, *ODD])))
    return f"{table}?" + "&".join(f"{quote(key)}={quote(value)}" for key, value in pairs)


FORMS = [
    {},
    {"Prefer": "count=exact"},
    {"Accept": "text/csv"},
    {"Accept": "application/vnd.pgrst.object+json"},
    {"Accept": "application/vnd.pgrst.array+json;nulls=stripped"},
]


async def test_random_reads_never_fail_on_our_side(tess, ada):
    rng = random.Random(20_261_124)
    answered = 0
    for number in range(400):
        reader, request = (tess, ada)[number % 2], random_request(rng)
        async with reader.client.get(f"/rest/v1/{request}", headers=reader.headers | rng.choice(FORMS)) as response:
            body = await response.text()
        assert response.status < 500, (request, body)
        assert reader is ada or "SECRET" not in body
        answered += response.status < 300
    assert answered > 30  # else this tries nothing but errors


def random_write(rng):
    table = rng.choice(list(RELATED))
    pairs = [("created_at", "not.is.null")]
    if rng.random() < 0.5:
        pairs.append(random_filter(rng, table))
    selected = random_select(rng, table) if rng.random() < 0.2 else rng.choice(["", a_column(rng, table)])
    path = f"{table}?" + "&".join(f"{quote(key)}={quote(value)}" for key, value in [*pairs, ("select", selected)])
    sent = {a_column(rng, table): rng.choice([*ODD, None, 0, [], {}]) for _ in range(rng.randint(0, 2))}
    return rng.choice(["PATCH", "DELETE"]), path, sent


async def test_random_writes_never_fail_on_our_side(tess, ada):
    rng = random.Random(20_261_125)
    unchanged = "handling=strict, max-affected=0, return=representation"
    answered = 0
    for number in range(200):
        reader, (method, request, body) = (tess, ada)[number % 2], random_write(rng)
        async with await reader.send(method, request, body, Prefer=unchanged) as response:
            text = await response.text()
        assert response.status < 500, (method, request, body, text)
        assert reader is ada or "SECRET" not in text
        answered += response.status < 300 or "PGRST124" in text
    assert answered > 20
