import assert from "node:assert/strict";
import { test } from "node:test";

import { deviceOf } from "../../static/js/device.js";
import { ago, daysBetween, due, fileSize, readAs, signed } from "../../static/js/lib/format.js";
import { Me, mayGo, personOf } from "../../static/js/me.js";
import { badge, byDay, isWanted, kindsFor } from "../../static/js/notifications_model.js";
import { groupsOf, placesFor } from "../../static/js/places.js";
import { isOurs } from "../../static/js/router.js";
import { NOT_FOUND, ROUTES } from "../../static/js/routes.js";

const USER = { id: "u1", email: "mira@callx.example" };

test("each role is led to its own pages", () => {
  const hrefs = (roles) => placesFor(roles).map((place) => place.href);
  assert.deepEqual(hrefs(["trainee"]), hrefs([]));
  assert.ok(!hrefs(["trainee"]).includes("/team"));
  assert.ok(hrefs(["manager"]).includes("/team") && hrefs(["admin"]).includes("/team"));
  assert.deepEqual(groupsOf(placesFor(["trainee"])).map((group) => group.title), [null]);
  assert.deepEqual(groupsOf(placesFor(["manager"])).map((group) => group.title).slice(0, 2), ["Learn", "Lead"]);
});

test("every place has its page, and is the place of that page", () => {
  for (const place of placesFor(["admin", "manager", "trainee"])) {
    assert.ok(ROUTES.some((route) => route.path === place.href), place.href);
    assert.ok(place.owns(place.href) && !place.owns(`${place.href}x`), place.href);
  }
  assert.equal(typeof NOT_FOUND.load, "function");
});

test("admins may go where managers may, and nobody else may", () => {
  assert.deepEqual(
    [["trainee"], ["manager"], ["admin"], []].map((roles) => mayGo(roles, ["manager"])),
    [false, true, true, false],
  );
  assert.equal(mayGo(["manager"], ["admin"]), false);
  assert.equal(mayGo([], undefined), true);
});

test("a person is who the profile says, with the strongest role first", () => {
  const person = personOf(USER, { full_name: "Mira" }, [{ role: "trainee" }, { role: "manager" }], { time_zone: "Asia/Tokyo" });
  assert.deepEqual([person.name, person.roles, person.role, person.timeZone], ["Mira", ["manager", "trainee"], "manager", "Asia/Tokyo"]);
  assert.deepEqual([personOf(USER, null, []).name, personOf(USER, null, []).role], [USER.email, null]);
});

test("a person is asked for once, again after a failure, and is known at the next load", async () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text), removeItem: (key) => kept.delete(key) };
  let asked = 0;
  let broken = true;
  const rows = async () => {
    asked += 1;
    if (broken) throw new Error("no network");
    return [{ role: "manager" }];
  };
  const api = { login: { user: USER }, rows, firstRow: async () => ({ full_name: "Mira" }) };
  const me = new Me(api, storage);
  await assert.rejects(me.get());
  broken = false;
  const [one, other] = await Promise.all([me.get(), me.get()]);
  assert.equal(asked, 2);
  assert.equal(one, other);
  assert.equal(new Me(api, storage).known.role, "manager");
  api.login.user = { id: "u2", email: "tess@callx.example" };
  assert.equal(me.known, null);
});

test("the server's own pages are not drawn by the application", () => {
  assert.deepEqual(["/verify/7KQ4", "/docs", "/team", "/documents", "/certificates"].map(isOurs), [false, false, true, true, true]);
});

test("the bell counts to 99", () => {
  assert.deepEqual([0, 1, 99, 100].map(badge), ["", "1", "99", "99+"]);
});

test("what is wanted: the row of the kind, else that of all, else everything", () => {
  const rows = [{ kind: "all", channel: "email", enabled: false }, { kind: "overdue", channel: "email", enabled: true }];
  assert.deepEqual(["overdue", "welcome"].map((kind) => isWanted(rows, kind, "email")), [true, false]);
  assert.equal(isWanted(rows, "welcome", "in_app"), true);
  assert.ok(!kindsFor(["trainee"]).includes("weekly_digest") && kindsFor(["manager"]).includes("weekly_digest"));
});

test("news stands by its day", () => {
  const groups = byDay([{ age: 0 }, { age: 1 }, { age: 9 }], (item) => item.age);
  assert.deepEqual(groups.map((group) => [group.title, group.items.length]), [["Today", 1], ["Yesterday", 1], ["Earlier", 1]]);
  assert.deepEqual(byDay([], () => 0), []);
});

test("days are counted by the midnights of the chosen zone", () => {
  const [late, early] = ["2026-11-24T23:30:00Z", "2026-11-25T00:30:00Z"].map(Date.parse);
  readAs({ timeZone: "UTC", locale: "en" });
  assert.equal(daysBetween(late, early), 1);
  readAs({ timeZone: "Asia/Tokyo", locale: "en" });
  assert.equal(daysBetween(late, early), 0);
});

test("a due date says what it means today", () => {
  readAs({ timeZone: "UTC", locale: "en" });
  const now = Date.parse("2026-11-24T12:00:00Z");
  const words = ["2026-11-24T11:00:00Z", "2026-11-24T18:00:00Z", "2026-11-25T00:10:00Z", "2026-11-26T01:00:00Z", "2026-12-24T00:00:00Z"].map((iso) => due(iso, now));
  assert.deepEqual(words.map(({ text }) => text), ["Overdue", "Due today", "Due tomorrow", "Due in 2 days", "Due in 30 days"]);
  assert.deepEqual(words.map(({ tone }) => tone), ["bad", "warn", "warn", "warn", "none"]);
});

test("what has happened is told from now", () => {
  readAs({ timeZone: "UTC", locale: "en" });
  const now = Date.parse("2026-11-24T12:00:00Z");
  assert.deepEqual(
    ["2026-11-24T11:59:30Z", "2026-11-24T11:45:00Z", "2026-11-24T09:00:00Z", "2026-11-23T09:00:00Z", "2026-09-01T00:00:00Z"].map((iso) => ago(iso, now)),
    ["just now", "15 minutes ago", "3 hours ago", "yesterday", "Sep 1, 2026"],
  );
  readAs();
});

test("numbers have their sign, sizes their unit", () => {
  readAs({ locale: "en" });
  assert.deepEqual([5, 0, -3].map(signed), ["+5", "±0", "−3"]);
  assert.deepEqual([900, 3_400, 2_500_000].map(fileSize), ["900 B", "3 kB", "2.5 MB"]);
  readAs();
});

test("a device is a browser and a system", () => {
  assert.equal(deviceOf("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0"), "Edge, Windows");
  assert.equal(deviceOf("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit Version/17.0 Mobile Safari/604.1"), "Safari, iPhone");
  assert.equal(deviceOf("python-requests/2.31"), "python-requests");
  assert.equal(deviceOf(null), "Unknown device");
});
