from uuid import uuid4

from aiohttp.test_utils import TestServer

from tests.app.support import course
from tests.app.support.reader import OBJECT, Reader
from tests.app.support.wires import wires

# The two selects of the specification, section 8.2


async def test_products_are_read_whole(tess):
    [product] = await tess.get("products?select=*&is_active=eq.true")
    assert list(product) == [
        "id",
        "title",
        "description",
        "is_active",
        "created_by",
        "created_at",
        "updated_at",
        "certificate_valid_days",
        "certificate_renewal_days",
        "status",
        "key",
    ]
    assert (product["id"], product["title"], product["is_active"]) == (str(course.PRODUCT), "Billing", True)


async def test_modules_come_with_their_lessons_in_order(tess):
    modules = await tess.get(
        f"modules?select=*,lessons(*)&product_id=eq.{course.PRODUCT}&order=order_index&lessons.order=order_index"
    )
    assert [module["title"] for module in modules] == ["Basics", "Practice"]
    assert [lesson["title"] for lesson in modules[0]["lessons"]] == ["Welcome (all)", 'Watch, and "learn"']
    assert modules[0]["lessons"][0]["text_content"] == "Grüße 👋"


# What can be selected


async def test_a_key_that_is_unique_gives_an_object(tess):
    [lesson] = await tess.get(
        "lessons?select=title,quizzes(passing_grade),simulations(scenario_description)&lesson_type=eq.quiz"
    )
    assert lesson == {"title": "The quiz", "quizzes": {"passing_grade": 80}, "simulations": None}


async def test_the_whole_chain_of_a_course_is_one_request(tess):
    [product] = await tess.get(
        "products?select=title,modules(title,lessons(title,quizzes(id,quiz_questions(question_text,"
        "quiz_answers(answer_text)))))&modules.lessons.lesson_type=eq.quiz&modules.order=title"
        "&modules.lessons.quizzes.quiz_questions.quiz_answers.order=order_index.desc"
    )
    assert product["modules"][0]["lessons"] == []
    [question] = product["modules"][1]["lessons"][0]["quizzes"]["quiz_questions"]
    assert [answer["answer_text"] for answer in question["quiz_answers"]] == ["Nobody", "The customer"]


async def test_aliases_casts_and_to_one_embeds(tess):
    lessons = await tess.get(
        "lessons?select=name:title,place:order_index::text,module:modules(title,product:products(title))"
        "&title=eq.The call"
    )
    assert lessons == [
        {"name": "The call", "place": "2", "module": {"title": "Practice", "product": {"title": "Billing"}}}
    ]


async def test_a_name_that_is_also_an_alias_of_ours_does_no_harm(tess):
    assert await tess.get("products?select=s:title,x:id,t1:title,body:title") == [
        {"s": "Billing", "x": str(course.PRODUCT), "t1": "Billing", "body": "Billing"}
    ]


async def test_an_inner_embed_filters_its_parent_and_a_left_one_does_not(tess):
    inner = await tess.get("modules?select=title,lessons!inner(title)&lessons.lesson_type=eq.text")
    assert inner == [{"title": "Basics", "lessons": [{"title": "Welcome (all)"}]}]
    left = await tess.get("modules?select=title,lessons(title)&lessons.lesson_type=eq.text&order=title")
    assert [len(module["lessons"]) for module in left] == [1, 0]
    deep = await tess.get(
        "products?select=title,modules!inner(title,lessons!inner(title))&modules.lessons.lesson_type=eq.video"
    )
    assert deep == [
        {"title": "Billing", "modules": [{"title": "Basics", "lessons": [{"title": 'Watch, and "learn"'}]}]}
    ]


async def test_an_embed_without_columns_only_filters(tess):
    assert await tess.get("modules?select=title,lessons!inner()&lessons.lesson_type=eq.text") == [{"title": "Basics"}]
    assert await tess.get("modules?select=title,lessons()&order=title&limit=1") == [{"title": "Basics"}]


async def test_an_embed_answers_to_its_alias_and_to_its_table(tess):
    for name in ("things", "lessons"):
        modules = await tess.get(f"modules?select=things:lessons(title)&{name}.lesson_type=eq.text&order=title")
        assert modules == [{"things": [{"title": "Welcome (all)"}]}, {"things": []}]


async def test_hints_choose_between_two_ways(ada):
    error = await ada.fails("manager_assignments?select=profiles(full_name)", 300, "PGRST201")
    assert len(error["details"]) == 2
    assert "profiles!manager_assignments_trainee_id_fkey" in error["hint"]
    for hint in ("trainee_id", "manager_assignments_trainee_id_fkey"):
        rows = await ada.get(f"manager_assignments?select=who:profiles!{hint}!inner(full_name)&order=trainee_id")
        assert [row["who"]["full_name"] for row in rows] == ["Theo", "Tess"]
    rows = await ada.get("manager_assignments?select=manager_id(full_name)&order=trainee_id")
    assert [row["manager_id"]["full_name"] for row in rows] == ["Otto", "Mira"]


async def test_embeds_are_filtered_by_row_security_on_every_level(tess, ada):
    assert await tess.get("modules?select=title&title=like.Secret*") == []
    [closed] = await ada.get("products?select=title,modules(lessons(title))&is_active=is.false")
    assert closed["modules"] == [{"lessons": [{"title": "Secret lesson"}]}]
    people = await tess.get("profiles?select=full_name,lesson_completions(id)")
    assert people == [{"full_name": "Tess", "lesson_completions": []}]


# Filters, order, pages


FILTERS = [
    ("order_index=gt.1", ["The call", 'Watch, and "learn"']),
    ("order_index=gte.1&order_index=lt.2", ["The quiz", "Welcome (all)"]),
    ("order_index=neq.1&order_index=lte.2", ["The call", 'Watch, and "learn"']),
    ("title=like.The*", ["The call", "The quiz"]),
    ("title=ilike.*QUIZ%", ["The quiz"]),
    ("title=not.like.The*", ['Watch, and "learn"', "Welcome (all)"]),
    ("text_content=is.null&lesson_type=eq.quiz", ["The quiz"]),
    ("text_content=not.is.null", ["Welcome (all)"]),
    ("text_content=is.not_null", ["Welcome (all)"]),
    ('title=in.("Welcome (all)",The call)', ["The call", "Welcome (all)"]),
    (r'title=in.("Watch, and \"learn\"")', ['Watch, and "learn"']),
    ("title=not.in.(The call,The quiz)", ['Watch, and "learn"', "Welcome (all)"]),
    ("title=in.()", []),
    ("title=eq.The+call", ["The call"]),
    ("text_content=eq.Gr%C3%BC%C3%9Fe%20%F0%9F%91%8B", ["Welcome (all)"]),
    ("title=eq.' or 1=1 --", []),
]


async def test_filters(tess):
    for filters, titles in FILTERS:
        found = await tess.get(f"lessons?select=title&order=title&{filters}")
        assert [lesson["title"] for lesson in found] == titles, filters


async def test_order_limit_and_offset(tess):
    async def titles(query):
        return [lesson["title"] for lesson in await tess.get(f"lessons?select=title&{query}")]

    assert (await titles("order=order_index.desc,title.desc&limit=2"))[0] == 'Watch, and "learn"'
    assert await titles("order=title&limit=1&offset=1") == ["The quiz"]
    assert (await titles("order=text_content.asc.nullslast,title"))[0] == "Welcome (all)"
    assert (await titles("order=text_content.nullsfirst,title"))[0] == "The call"
    assert await titles("limit=0") == []


async def test_an_embed_has_its_own_order_and_limit(tess):
    [module] = await tess.get(
        "modules?select=lessons(title)&title=eq.Basics&lessons.order=order_index.desc&lessons.limit=1&lessons.offset=1"
    )
    assert module == {"lessons": [{"title": "Welcome (all)"}]}


async def test_max_rows_holds_on_every_level(client, database, tess):
    async with database.acting_as_service() as tx:
        await tx.execute(
            """insert into public.lessons (module_id, title, lesson_type, order_index)
               select $1, 'many', 'text', n from generate_series(10, 1210) n""",
            course.BASICS,
        )
    assert len(await tess.get("lessons?select=id&limit=5000")) == 1_000
    [module] = await tess.get("modules?select=lessons(id)&title=eq.Basics")
    assert len(module["lessons"]) == 1_000
    async with client.head(
        "/rest/v1/lessons?title=eq.many&limit=10", headers=tess.headers | {"Prefer": "count=exact"}
    ) as response:
        assert (response.status, response.headers["Content-Range"]) == (206, "0-9/1201")
        assert await response.read() == b""


async def test_the_content_range_says_which_rows_these_are(client, tess):
    for query, headers, status, expected in [
        ("lessons?order=title", {}, 200, "0-3/*"),
        ("lessons?order=title&offset=1&limit=2", {}, 200, "1-2/*"),
        ("lessons?title=eq.none", {}, 200, "*/*"),
        ("lessons?title=eq.none", {"Prefer": "count=exact"}, 200, "*/0"),
        ("lessons", {"Range": "1-2", "Range-Unit": "items", "Prefer": "count=exact"}, 206, "1-2/4"),
        ("modules?select=lessons!inner(id)&lessons.lesson_type=eq.quiz", {"Prefer": "count=exact"}, 200, "0-0/1"),
    ]:
        async with client.get(f"/rest/v1/{query}", headers=tess.headers | headers) as response:
            assert (response.status, response.headers["Content-Range"]) == (status, expected)
    await tess.fails("lessons?offset=9", 416, "PGRST103", Prefer="count=exact")
    await tess.fails("lessons?limit=-1", 416, "PGRST103")


async def test_one_object_or_an_error(tess):
    lesson = await tess.get("lessons?select=title&title=eq.The call", **OBJECT)
    assert lesson == {"title": "The call"}
    none = await tess.fails("lessons?title=eq.none", 406, "PGRST116", **OBJECT)
    assert "0 rows" in none["details"]
    many = await tess.fails("lessons", 406, "PGRST116", **OBJECT)
    assert "4 rows" in many["details"]


# What is refused


UNANSWERABLE = [
    ("nothing", 404, "PGRST205"),
    ("rpc/has_role", 404, "PGRST202"),
    ("", 404, "PGRST125"),
    ("products/1", 404, "PGRST125"),
    ("products%2F..%2Fx", 404, "PGRST205"),
    ("products?select=nope", 400, "42703"),
    ("products?nope=eq.1", 400, "42703"),
    ("products?order=nope", 400, "42703"),
    ("products?select=lessons(*)", 400, "PGRST200"),
    ("products?modules.title=eq.x", 400, "PGRST108"),
    ("products?modules.order=title", 400, "PGRST108"),
    ("products?modules.limit=1", 400, "PGRST108"),
    ("products?select=id,", 400, "PGRST100"),
    ("products?select=id)", 400, "PGRST100"),
    ("products?select=modules(id", 400, "PGRST100"),
    ("products?select=id::regclass", 400, "PGRST100"),
    ('products?select="a\\"b;":id', 400, "PGRST100"),
    ("products?title=x", 400, "PGRST100"),
    ("products?title=what.x", 400, "PGRST100"),
    ("products?title=eq", 400, "PGRST100"),
    ("products?title=in.a", 400, "PGRST100"),
    ("products?is_active=is.maybe", 400, "PGRST100"),
    ("products?or=(title.eq.a,title)", 400, "PGRST100"),
    ("products?or=(nope.eq.a,title.eq.b)", 400, "42703"),
    ("products?select=title->a", 400, "42883"),
    ("products?order=title.up", 400, "PGRST100"),
    ("products?limit=many", 400, "PGRST100"),
    ("products?title=eq.%00", 400, "PGRST100"),
    ("products?select=count()", 400, "PGRST123"),
    ("products?id=eq.not-a-uuid", 400, "22P02"),
    ("products?id=like.x", 404, "42883"),
    ("products?select=" + "id," * 300 + "id", 400, "PGRST100"),
    ("products?select=" + "modules(" * 9 + "id" + ")" * 9, 400, "PGRST100"),
]


async def test_what_cannot_be_answered_is_told(tess):
    for query, status, code in UNANSWERABLE:
        await tess.fails(query, status, code)


async def test_other_methods_are_refused_with_those_that_are_not(client, tess):
    for path, method, allowed in [
        ("products?id=eq.1", "PUT", "GET, HEAD, POST, PATCH, DELETE, OPTIONS"),
        ("rpc/has_role", "PATCH", "GET, HEAD, POST, OPTIONS"),
    ]:
        async with client.request(method, f"/rest/v1/{path}", headers=tess.headers) as response:
            assert (response.status, (await response.json())["code"]) == (405, "PGRST117")
            assert response.headers["Allow"] == allowed
        async with client.options(f"/rest/v1/{path}") as response:
            assert (response.status, response.headers["Allow"]) == (200, allowed)


async def test_forms_that_are_not_served_are_refused(tess):
    for accept in ("text/html", "application/vnd.pgrst.plan+json"):
        await tess.fails("products", 406, "PGRST107", Accept=accept)


async def test_a_database_that_is_gone_is_not_the_clients_fault(client, database, tess):
    await database.close()
    await tess.fails("products", 503, "database_unavailable")


async def test_a_list_of_a_thousand_ids_is_one_request(aiohttp_client, database, clock, tess):
    server = TestServer(wires(database, clock))
    await server.start_server(max_line_size=65_536, max_field_size=65_536)
    client = await aiohttp_client(server)
    ids = ",".join([str(course.WELCOME), *(str(uuid4()) for _ in range(1_000))])
    found = await Reader(client, tess.headers).get(f"lessons?select=title&id=in.({ids})")
    assert found == [{"title": "Welcome (all)"}]
