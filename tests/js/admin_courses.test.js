import assert from "node:assert/strict";
import { test } from "node:test";

import * as field from "../../static/js/pages/admin/autosave_model.js";
import { chosenCourses, courseOf, impactLines, nextPlace, placeBeside, sizeOf, weighed } from "../../static/js/pages/admin/course_model.js";

const COURSE = courseOf({
  id: "c",
  title: "Billing",
  status: "draft",
  modules: [
    { id: "m2", order_index: 5, status: "draft", lessons: [] },
    { id: "m1", order_index: 2, status: "published", lessons: [{ id: "b", order_index: 4, status: "draft" }, { id: "a", order_index: 1, status: "published" }] },
  ],
});

test("a course stands in its order and counts its drafts", () => {
  assert.deepEqual(COURSE.modules.map((module) => module.id), ["m1", "m2"]);
  assert.deepEqual(COURSE.modules[0].lessons.map((lesson) => lesson.id), ["a", "b"]);
  assert.deepEqual(sizeOf(COURSE), { modules: 2, lessons: 2, drafts: 2 });
});

test("a part moves to its neighbour's place, and not beyond the ends", () => {
  assert.equal(placeBeside(COURSE.modules, "m2", true), 2);
  assert.equal(placeBeside(COURSE.modules, "m1", false), 5);
  assert.equal(placeBeside(COURSE.modules, "m1", true), null);
  assert.equal(placeBeside(COURSE.modules, "m2", false), null);
});

test("what is new goes behind all, whatever gaps there are", () => {
  assert.equal(nextPlace(COURSE.modules), 6);
  assert.equal(nextPlace([]), 0);
});

test("courses are chosen by state and words, archived ones too", () => {
  const archived = [{ id: "z", title: "Álgebra", kind: "product" }];
  const ids = (view) => chosenCourses([COURSE], archived, view).map((row) => row.id);
  assert.deepEqual(ids({}), ["z", "c"]);
  assert.deepEqual(ids({ state: "archived" }), ["z"]);
  assert.deepEqual(ids({ state: "published" }), []);
  assert.deepEqual(ids({ q: "alg" }), ["z"]);
});

test("errors come before warnings", () => {
  const findings = [{ severity: "warning", code: "w" }, { severity: "error", code: "e" }];
  const { errors, warnings, sorted } = weighed(findings);
  assert.deepEqual([errors, warnings, sorted.map((one) => one.code)], [1, 1, ["e", "w"]]);
});

test("an impact says only what concerns somebody", () => {
  assert.deepEqual(impactLines({ new_lessons: 1, people_begun: 12, open_calls: 0 }), ["1 lesson is new for everybody.", "12 people are in it."]);
  assert.deepEqual(impactLines(null), []);
});

test("a field is due while it differs from what is stored", () => {
  const start = field.loaded("A", "v1");
  assert.equal(field.isDue(field.typed(start, "B")), true);
  assert.equal(field.typed(field.typed(start, "B"), "A").state, "saved");
});

test("what is typed while it is sent is sent next", () => {
  const sent = field.sending(field.typed(field.loaded("A", "v1"), "B"));
  const meanwhile = { ...sent, mine: "BC" };
  assert.deepEqual([field.stored(meanwhile, "B", "v2").state, field.stored(meanwhile, "B", "v2").base], ["changed", "B"]);
  assert.equal(field.stored(sent, "B", "v2").state, "saved");
});

test("a row that changed elsewhere is a conflict only where this field did", () => {
  const mine = field.typed(field.loaded("A", "v1"), "B");
  assert.deepEqual([field.overtaken(mine, "A", "v2").state, field.overtaken(mine, "A", "v2").version], ["changed", "v2"]);
  assert.equal(field.overtaken(mine, "B", "v2").state, "saved");
  const conflict = field.overtaken(mine, "C", "v2");
  assert.deepEqual([conflict.state, conflict.theirs, conflict.mine], ["conflict", "C", "B"]);
  assert.equal(field.isDue(field.typed(conflict, "BB")), false);
  assert.deepEqual([field.decided(conflict, "mine").state, field.decided(conflict, "mine").base, field.decided(conflict, "mine").mine], ["changed", "C", "B"]);
  assert.deepEqual([field.decided(conflict, "theirs").state, field.decided(conflict, "theirs").mine], ["saved", "C"]);
});
