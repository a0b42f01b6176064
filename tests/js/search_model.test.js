import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, opensSearch, queryOf, resultOf } from "../../static/js/search_model.js";

const ROW = {
  lesson_id: "l1", lesson_title: "Refunds", lesson_type: "video", module_title: "One", product_title: "Billing",
  attachment_id: null, file_name: null, page: null, snippet: [{ text: "A ", is_hit: false }, { text: "refund", is_hit: true }, { text: "", is_hit: false }],
};

test("A lesson and a page of a document are shown with where they are.", () => {
  const lesson = resultOf(ROW, { icons: { video: { icon: "video" } } });
  assert.deepEqual([lesson.href, lesson.icon, lesson.from, lesson.where], ["/lessons/l1", "video", null, ["Billing", "One"]]);
  assert.deepEqual(lesson.parts, [{ text: "A ", isHit: false }, { text: "refund", isHit: true }]);
  const page = resultOf({ ...ROW, attachment_id: "a1", file_name: "a.pdf", page: 3 });
  assert.deepEqual([page.href, page.from], ["/lessons/l1#attachment-a1", { name: "a.pdf", page: 3 }]);
});

test("What is looked for stands in the address.", () => {
  assert.equal(queryOf(addressOf("50 % off & more").slice("/search".length)), "50 % off & more");
  assert.equal(queryOf("?q=" + "x".repeat(300)).length, 200);
  assert.equal(addressOf(""), "/search");
});

test("The key opens the search, and is a slash in a field.", () => {
  const field = { closest: () => ({}) };
  assert.ok(opensSearch({ key: "/", target: { closest: () => null } }));
  assert.ok(!opensSearch({ key: "/", target: field }));
  assert.ok(!opensSearch({ key: "/", ctrlKey: true, target: null }));
  assert.ok(!opensSearch({ key: "x", target: null }));
});
