import assert from "node:assert/strict";
import { test } from "node:test";

import { changeOf, chosenPeople, importRows, peopleOf } from "../../static/js/pages/admin/people_model.js";

const PEOPLE = peopleOf({
  profiles: [
    { id: "b", full_name: "Zoë Ode", email: "z@x.example" },
    { id: "a", full_name: "", email: "a@x.example" },
  ],
  roles: [{ user_id: "b", role: "admin" }, { user_id: "b", role: "trainee" }, { user_id: "a", role: "trainee" }],
  links: [{ trainee_id: "a", manager_id: "b" }],
  accounts: [{ id: "a", banned_until: "2999-01-01T00:00:00Z", last_sign_in_at: null }, { id: "b", banned_until: "2020-01-01T00:00:00Z", last_sign_in_at: "2026-11-01T00:00:00Z" }],
  nowMs: Date.parse("2026-11-24T00:00:00Z"),
});

test("people have their roles, managers and standing", () => {
  assert.deepEqual(PEOPLE.map((one) => [one.name, one.roles, one.managers, one.isActive]), [
    ["a@x.example", ["trainee"], [{ id: "b", name: "Zoë Ode" }], false],
    ["Zoë Ode", ["trainee", "admin"], [], true],
  ]);
});

test("people are found by role, standing, and words of name, address and manager", () => {
  const ids = (view) => chosenPeople(PEOPLE, view).map((one) => one.id);
  assert.deepEqual(ids({ show: "admin" }), ["b"]);
  assert.deepEqual(ids({ show: "inactive" }), ["a"]);
  assert.deepEqual(ids({ q: "zoe" }), ["a", "b"]);
  assert.deepEqual(ids({ q: "nobody" }), []);
});

test("only what differs is written", () => {
  assert.deepEqual(changeOf(["trainee", "admin"], ["trainee", "manager"]), { given: ["manager"], taken: ["admin"] });
});

test("wrong rows of an import come first", () => {
  const rows = [{ row: 2, outcome: "unchanged" }, { row: 3, outcome: "create" }, { row: 4, outcome: "error" }, { row: 5, outcome: "update" }];
  assert.deepEqual(importRows(rows).map((one) => one.row), [4, 3, 5, 2]);
});
