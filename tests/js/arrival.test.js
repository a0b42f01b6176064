import assert from "node:assert/strict";
import { test } from "node:test";

import { arrivalOf, pathAfter } from "../../static/js/arrival.js";

test("tokens behind the # are an arrival", () => {
  const { tokens, type } = arrivalOf("#access_token=a&refresh_token=r&expires_in=900&expires_at=1&token_type=bearer&type=recovery");
  assert.deepEqual(tokens, { access_token: "a", refresh_token: "r", expires_in: 900 });
  assert.equal(pathAfter(type), "/new-password");
  assert.equal(pathAfter("invite"), "/new-password");
  assert.equal(pathAfter("signup"), "/");
});

test("an error and a message are told apart", () => {
  assert.deepEqual(arrivalOf("#error=access_denied&error_code=otp_expired&error_description=Email+link+is+invalid"), {
    error: { code: "otp_expired", text: "Email link is invalid" },
  });
  assert.deepEqual(arrivalOf("#message=Confirm+the+other+link"), { message: "Confirm the other link" });
});

test("anything else is just a place on a page", () => {
  for (const hash of ["", "#", "#main", "#access_token=a"]) assert.equal(arrivalOf(hash), null, hash);
});
