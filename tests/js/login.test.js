import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, inOrder, one } from "../../static/js/api.js";
import { ApiError, errorOf, Login, STORAGE_KEY } from "../../static/js/login.js";

function memory() {
  const map = new Map();
  return { getItem: (key) => map.get(key) ?? null, setItem: (key, value) => map.set(key, value), removeItem: (key) => map.delete(key) };
}

function answer(status, body = {}, headers = {}) {
  return { ok: status < 400, status, json: async () => body, headers: { get: (name) => headers[name] ?? null } };
}

/** A login whose server answers with `respond(url, options)`; the clock is in the test's hand. */
function signedIn(respond, { expiresInS = 3_600 } = {}) {
  const world = { now: 0, requests: [] };
  const fetch = async (url, options = {}) => {
    world.requests.push({ url, options });
    return respond(url, options, world.requests.length);
  };
  world.storage = memory();
  const tokens = { access_token: "a1", refresh_token: "r1", expires_at_ms: expiresInS * 1000, user: { id: "u" } };
  world.storage.setItem(STORAGE_KEY, JSON.stringify(tokens));
  world.login = new Login({ storage: world.storage, fetch, now: () => world.now });
  world.api = new Api(world.login, fetch);
  return world;
}

const fresh = (number) => answer(200, { access_token: `a${number}`, refresh_token: `r${number}`, expires_in: 3_600, user: { id: "u" } });

test("a token that is good for long is used as it is", async () => {
  const world = signedIn(() => assert.fail("no request is due"));
  assert.equal(await world.login.accessToken(), "a1");
});

test("a token is renewed 90 seconds before it runs out, once for all who ask", async () => {
  const world = signedIn(() => fresh(2));
  world.now = 3_600_000 - 90_000;
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => world.login.accessToken())), ["a2", "a2", "a2"]);
  assert.equal(world.requests.length, 1);
  assert.equal(JSON.parse(world.requests[0].options.body).refresh_token, "r1");
  assert.equal(world.login.current.refresh_token, "r2");
});

test("a tab that comes second takes what the first has renewed", async () => {
  const world = signedIn(() => assert.fail("the other tab did it"));
  world.storage.setItem(STORAGE_KEY, JSON.stringify({ ...world.login.current, access_token: "a9", refresh_token: "r9" }));
  assert.equal(await world.login.renew("r1"), "a9");
});

test("an outage at renewal keeps the login, and the token while it lasts", async () => {
  const world = signedIn(() => answer(503));
  world.now = 3_600_000 - 30_000;
  assert.equal(await world.login.accessToken(), "a1");
  world.now = 3_600_001;
  await assert.rejects(world.login.accessToken(), { status: 503 });
  assert.equal(world.login.user.id, "u");
});

test("a refused renewal signs out and tells it", async () => {
  const world = signedIn(() => answer(400, { code: "refresh_token_not_found", message: "x" }));
  const told = [];
  world.login.onChange((user) => told.push(user));
  world.now = 3_600_000;
  await assert.rejects(world.login.accessToken(), { status: 401, code: "signed_out" });
  assert.equal(world.login.user, null);
  assert.deepEqual(told, [null]);
});

test("a 401 is tried again with a new token, once", async () => {
  const world = signedIn((url, options) => {
    if (url.startsWith("/auth/")) return fresh(2);
    return options.headers.Authorization === "Bearer a2" ? answer(200, [{ id: 1 }]) : answer(401, { code: "PGRST303", message: "JWT expired" });
  });
  assert.deepEqual(await world.api.rows("products", { select: "id" }), [{ id: 1 }]);
  assert.equal(world.requests.length, 3);
});

test("a row that is there already counts as written", async () => {
  const world = signedIn(() => answer(409, { code: "23505", message: "duplicate" }));
  await world.api.insert("lesson_completions", { lesson_id: "l" });
});

test("a query reaches the wire with its parentheses and points", async () => {
  const world = signedIn(() => answer(200, []));
  await world.api.rows("modules", { select: "*,lessons(id,title)", product_id: "eq.7", order: "order_index.asc" });
  const sent = new URL(world.requests[0].url, "http://x").searchParams;
  assert.equal(sent.get("select"), "*,lessons(id,title)");
  assert.equal(sent.get("order"), "order_index.asc");
});

test("no answer at all is an error of its own", async () => {
  const world = signedIn(() => Promise.reject(new TypeError("failed")));
  await assert.rejects(world.api.call("c"), { status: 0, code: "network", retryable: true });
});

test("a wrong password is an error and no login", async () => {
  const storage = memory();
  const login = new Login({ storage, fetch: async () => answer(400, { error_code: "invalid_credentials", msg: "Invalid login credentials" }) });
  await assert.rejects(login.signIn("a@b.c", "x"), { code: "invalid_credentials", message: "Invalid login credentials" });
  assert.equal(login.user, null);
});

test("signing out forgets the login even without a network", async () => {
  const world = signedIn(() => Promise.reject(new TypeError("offline")));
  await world.login.signOut();
  assert.equal(world.login.current, null);
});

test("storage that holds nonsense means that nobody is signed in", () => {
  const storage = memory();
  storage.setItem(STORAGE_KEY, "{nonsense");
  assert.equal(new Login({ storage, fetch: null }).user, null);
});

test("each wire's error shape is understood", () => {
  const voice = errorOf(409, { error: { code: "call_limit", message: "m", retryable: true, request_id: "q" } });
  assert.deepEqual([voice.code, voice.message, voice.retryable, voice.requestId], ["call_limit", "m", true, "q"]);
  assert.equal(errorOf(400, { code: "22P02", message: "m", details: null }).code, "22P02");
  assert.equal(errorOf(400, { code: 400, error_code: "weak_password", msg: "m" }).code, "weak_password");
  assert.equal(errorOf(502, null).code, "http_502");
  assert.ok(errorOf(502, null) instanceof ApiError);
});

test("embeds come as an object or as a list", () => {
  assert.deepEqual([one({ id: 1 }), one([{ id: 2 }]), one([]), one(null)], [{ id: 1 }, { id: 2 }, null, null]);
  assert.deepEqual(inOrder([{ order_index: 2 }, { order_index: 1 }]), [{ order_index: 1 }, { order_index: 2 }]);
});

/** A login of nobody, whose server answers with `respond`. */
function signedOut(respond) {
  const world = { requests: [], storage: memory() };
  const fetch = async (url, options = {}) => {
    world.requests.push({ url, ...options, body: options.body && JSON.parse(options.body) });
    return respond(url, options);
  };
  world.login = new Login({ storage: world.storage, fetch, now: () => 0 });
  world.api = new Api(world.login, fetch);
  return world;
}

test("signing up signs in, or waits for a letter to be answered", async () => {
  const wanted = { email: "a@b.c", password: "p", fullName: "Ada", redirectTo: "https://x" };
  const waiting = signedOut(() => answer(200, { id: "u", email: "a@b.c" }));
  assert.equal(await waiting.login.signUp(wanted), false);
  assert.equal(waiting.login.user, null);
  assert.equal(waiting.requests[0].url, "/auth/v1/signup?redirect_to=https%3A%2F%2Fx");
  assert.deepEqual(waiting.requests[0].body, { email: "a@b.c", password: "p", data: { full_name: "Ada" } });
  const open = signedOut(() => fresh(1));
  assert.equal(await open.login.signUp(wanted), true);
  assert.deepEqual(open.login.user, { id: "u" });
});

test("the tokens of a link are kept once the server knows whose they are", async () => {
  const tokens = { access_token: "a", refresh_token: "r", expires_in: 60 };
  const world = signedOut(() => answer(200, { id: "u" }));
  const seen = [];
  world.login.onChange((user) => seen.push(user.id));
  await world.login.adopt(tokens);
  assert.equal(world.requests[0].headers.Authorization, "Bearer a");
  assert.equal(world.login.current.expires_at_ms, 60_000);
  assert.deepEqual(seen, ["u"]);
  const forged = signedOut(() => answer(403, { code: "bad_jwt", msg: "no" }));
  await assert.rejects(forged.login.adopt(tokens), { code: "bad_jwt" });
  assert.equal(forged.login.user, null);
});

test("a new password goes with the token, a forgotten one only with the address", async () => {
  const world = signedIn(() => answer(200, {}));
  await world.login.setPassword("new");
  assert.deepEqual([world.requests[0].url, world.requests[0].options.method], ["/auth/v1/user", "PUT"]);
  assert.equal(world.requests[0].options.headers.Authorization, "Bearer a1");
  const forgotten = signedOut(() => answer(200, {}));
  await forgotten.login.recover("a@b.c", "https://x");
  assert.deepEqual(forgotten.requests[0].body, { email: "a@b.c" });
});

test("what accounts can do is asked, and nothing is promised without an answer", async () => {
  const offers = async (respond) => Object.values(await signedOut(respond).api.accountOffers());
  assert.deepEqual(await offers(() => answer(200, { external: { email: true }, disable_signup: false })), [true, true]);
  assert.deepEqual(await offers(() => answer(200, { external: { email: true }, disable_signup: true })), [false, true]);
  assert.deepEqual(await offers(() => Promise.reject(new TypeError("offline"))), [false, false]);
});

test("a file that a function makes has the name that the server gives it", async () => {
  const named = async (disposition) => {
    const world = signedIn(() => new Response("a,b", { headers: { "Content-Disposition": disposition } }));
    return (await world.api.download("export-table", {})).name;
  };
  assert.equal(await named("attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%26%20so.csv"), "Grüße & so.csv");
  assert.equal(await named('attachment; filename="people.csv"'), "people.csv");
  assert.equal(await named("attachment"), "callx");
});
