import assert from "node:assert/strict";
import { test } from "node:test";

import { chapters, curl, found, kindOf, limitsOf, sample } from "../../static/js/api_docs/document.js";
import { operationView } from "../../static/js/api_docs/operation_view.js";
import { inline, paragraphs } from "../../static/js/api_docs/text.js";

const described = {
  tags: [{ name: "Calls", description: "" }, { name: "Empty", description: "" }, { name: "Sign-in", description: "" }],
  paths: {
    "/auth/token": {
      post: {
        operationId: "sign_in", summary: "Sign in", tags: ["Sign-in"], security: [],
        requestBody: { required: true, content: { "application/json": { schema: { $ref: "#/components/schemas/Credentials" } } } },
        responses: { 200: { description: "Done." }, 400: { description: "`invalid_credentials`." }, 503: { description: "Down." } },
      },
    },
    "/calls/{call_id}": {
      get: {
        operationId: "look", summary: "Look at a call", tags: ["Calls"], security: [{ person: [] }], description: "With <b>`care`</b>.",
        parameters: [
          { name: "call_id", in: "path", required: true, schema: { type: "string", format: "uuid" } },
          { name: "page", in: "query", required: true, schema: { type: "integer", minimum: 1 } },
          { name: "also", in: "query", required: false, schema: { type: "string" } },
        ],
        responses: { 200: { description: "It.", content: { "application/json": { schema: { $ref: "#/components/schemas/Node" } } } } },
      },
    },
  },
  components: {
    schemas: {
      Credentials: { type: "object", required: ["email"], properties: { email: { type: "string", format: "email" }, password: { type: "string", examples: ["it's"] } } },
      Node: { type: "object", properties: { name: { anyOf: [{ type: "string" }, { type: "null" }] }, children: { type: "array", items: { $ref: "#/components/schemas/Node" } } } },
    },
  },
};

test("operations stand in the chapters of their tags, empty chapters nowhere", () => {
  const all = chapters(described);
  assert.deepEqual(all.map(({ name, operations }) => [name, operations.map(({ id }) => id)]), [["Calls", ["look"]], ["Sign-in", ["sign_in"]]]);
  const [, { operations: [signIn] }] = all;
  assert.deepEqual([signIn.answers, signIn.refusals, signIn.faults].map((list) => list.map(({ status }) => status)), [["200"], ["400"], ["503"]]);
});

test("a search finds what holds every word: method, path, summary, chapter or an error's code", () => {
  const all = chapters(described);
  const ids = (search) => found(all, search).flatMap(({ operations }) => operations.map(({ id }) => id));
  assert.deepEqual(ids(""), ["look", "sign_in"]);
  assert.deepEqual(ids("  GET calls "), ["look"]);
  assert.deepEqual(ids("invalid_cred"), ["sign_in"]);
  assert.deepEqual(ids("sign-in post"), ["sign_in"]);
  assert.deepEqual(ids("get token"), []);
});

test("kinds and limits are said in words", () => {
  assert.equal(kindOf(described, { type: "array", items: { $ref: "#/components/schemas/Node" } }), "list of Node");
  assert.equal(kindOf(described, { anyOf: [{ type: "string", format: "uuid" }, { type: "null" }] }), "uuid or null");
  assert.equal(kindOf(described, { enum: ["a", "b"] }), '"a" | "b"');
  assert.equal(kindOf(described, {}), "anything");
  assert.equal(limitsOf({ minimum: 1, maximum: 10, default: 5 }), "1 to 10, default 5");
  assert.equal(limitsOf({ maxLength: 3, default: {} }), "at most 3 characters");
});

test("a sample of what holds itself ends", () => {
  assert.deepEqual(sample(described, { $ref: "#/components/schemas/Node" }), { name: "…", children: [{}] });
});

test("a command says who asks, what must be given, and survives quotes", () => {
  const [{ operations: [look] }, { operations: [signIn] }] = chapters(described);
  assert.equal(curl(described, look, "http://x"), `curl 'http://x/calls/<call_id>?page=1' \\\n  -H "Authorization: Bearer $ACCESS_TOKEN"`);
  assert.match(curl(described, signIn, "http://x"), /^curl -X POST 'http:\/\/x\/auth\/token' \\\n {2}-H 'Content-Type: application\/json' \\\n {2}-d '.*it'\\''s/);
});

test("descriptions are escaped, and their marks drawn", () => {
  assert.equal(inline("a `b<c` **d**").text, "a <code>b&lt;c</code> <strong>d</strong>");
  assert.equal(paragraphs("one\ntwo\n\n- three\n  four\n- five").text, "<p>one two</p><ul><li>three four</li><li>five</li></ul>");
  const [{ operations: [look] }] = chapters(described);
  const card = operationView(described, look, "http://x").text;
  assert.ok(card.includes("&lt;b&gt;<code>care</code>"));
  assert.ok(!card.includes("undefined"));
});
