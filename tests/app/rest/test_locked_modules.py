from tests.app.support import course


async def test_a_locked_module_shows_its_lock_and_no_lessons_until_the_one_before_is_complete(tess, cast, database):
    async with database.acting_as_service() as tx:
        await tx.execute("update public.modules set is_prerequisite = true where id = $1", course.PRACTICE)
    modules = f"modules?select=title,lessons(title)&product_id=eq.{course.PRODUCT}&order=order_index"
    locks = f"module_locks?select=module_id,is_locked,total_lessons,completed_lessons&product_id=eq.{course.PRODUCT}"
    for lesson, opened in ((course.WELCOME, False), (course.VIDEO, True)):
        body = {"user_id": str(cast.tess.user_id), "lesson_id": str(lesson)}
        assert (await tess.post("lesson_completions", body)).status == 201
        [basics, practice] = await tess.get(modules)
        assert [len(module["lessons"]) for module in (basics, practice)] == [2, 2 if opened else 0]
        states = {row["module_id"]: row for row in await tess.get(locks)}
        assert states[str(course.PRACTICE)] == {
            "module_id": str(course.PRACTICE),
            "is_locked": not opened,
            "total_lessons": 2,
            "completed_lessons": 0,
        }
        assert states[str(course.BASICS)]["completed_lessons"] == 1 + opened


async def test_a_module_comes_with_its_lock(tess, database):
    async with database.acting_as_service() as tx:
        await tx.execute("update public.modules set is_prerequisite = true where id = $1", course.PRACTICE)
    path = f"modules?select=title,module_locks(is_locked)&product_id=eq.{course.PRODUCT}&order=order_index"
    assert await tess.get(path) == [
        {"title": "Basics", "module_locks": {"is_locked": False}},
        {"title": "Practice", "module_locks": {"is_locked": True}},
    ]
