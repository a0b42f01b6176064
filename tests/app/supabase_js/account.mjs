// An account's life, with the real client: argument 1 is the server, 2 the key, 3 the outbox. Prints what came back.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, outbox] = process.argv.slice(2);
const email = "nina@callx.example";
const moved = "nina.moved@callx.example";
const redirectTo = "https://front.example/account";
const first = "staple battery horse";
const second = "another battery horse";
const third = "a third battery horse";
const seen = {};
const read = new Set();

function client(auth = {}) {
  const kept = new Map();
  const storage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  };
  const made = createClient(url, key, {
    auth: { autoRefreshToken: false, storage, ...auth },
    realtime: { transport: WebSocket }, // Node before 22 has none of its own
  });
  made.events = [];
  made.auth.onAuthStateChange((event) => made.events.push(event));
  return made;
}

async function ask(name, request) {
  const { data, error } = await request;
  const { name: kind, code, status, reasons } = error ?? {};
  seen[name] = { data: data ?? null, error: error ? { kind, code, status, reasons } : null };
  return data;
}

/** The next letter to somebody, as `{token, code, link}`; each is found once. */
async function letter(to, subject) {
  for (let tries = 0; tries < 400; tries += 1) {
    for (const name of await readdir(outbox).catch(() => [])) {
      if (read.has(name) || !name.endsWith(".eml")) continue;
      const text = await readFile(join(outbox, name), "utf8");
      if (!text.includes(`To: ${to}\r\n`) || !text.includes(`Subject: ${subject}\r\n`)) continue;
      read.add(name);
      const link = text.match(/https?:\/\/\S+\/auth\/v1\/confirm\?\S+/)?.[0];
      return { link, token: link && new URL(link).searchParams.get("token"), code: text.match(/Code: (\d{6})/)?.[1] };
    }
    await sleep(25);
  }
  throw new Error(`No letter "${subject}" came to ${to}.`);
}

/** Opens the letter's link and presses the button; where the browser is sent. */
async function press(link) {
  const page = await (await fetch(url + link.slice(new URL(link).origin.length))).text();
  const fields = [...page.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value.replaceAll("&amp;", "&")]);
  const answer = await fetch(`${url}/auth/v1/verify`, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
  return new URL(answer.headers.get("location"));
}

const one = client();
await ask("weak", one.auth.signUp({ email, password: "password1" }));
await ask("sign_up", one.auth.signUp({ email, password: first, options: { data: { full_name: "Nina N.", role: "admin" }, emailRedirectTo: redirectTo } }));
await ask("too_early", one.auth.signInWithPassword({ email, password: first }));
const welcome = await letter(email, "Confirm your e-mail address");
await ask("confirmed", one.auth.verifyOtp({ type: "email", token_hash: welcome.token }));
await ask("confirmed_again", one.auth.verifyOtp({ type: "email", token_hash: welcome.token }));
await ask("roles", one.from("user_roles").select("role"));
await ask("renamed", one.auth.updateUser({ data: { full_name: "Nina Nova" } }));
await ask("profile", one.from("profiles").select("full_name, email").single());

const forgetful = client();
await ask("asked_reset", forgetful.auth.resetPasswordForEmail(email, { redirectTo }));
const reset = await letter(email, "Choose a new password");
await ask("recovered", forgetful.auth.verifyOtp({ type: "recovery", token_hash: reset.token }));
await ask("same_password", forgetful.auth.updateUser({ password: first }));
await ask("new_password", forgetful.auth.updateUser({ password: second }));
await ask("logged_out_elsewhere", one.auth.refreshSession());

const byCode = client();
await ask("asked_code", byCode.auth.resetPasswordForEmail(email));
await ask("by_code", byCode.auth.verifyOtp({ type: "recovery", email, token: (await letter(email, "Choose a new password")).code }));

const byButton = client();
await ask("asked_button", byButton.auth.resetPasswordForEmail(email, { redirectTo }));
const landed = await press((await letter(email, "Choose a new password")).link);
const fragment = Object.fromEntries(new URLSearchParams(landed.hash.slice(1)));
seen.landed = { data: { at: landed.origin + landed.pathname, type: fragment.type } };
await ask("by_button", byButton.auth.setSession(fragment));

const pkce = client({ flowType: "pkce" });
await ask("asked_pkce", pkce.auth.resetPasswordForEmail(email, { redirectTo }));
const returned = await press((await letter(email, "Choose a new password")).link);
await ask("exchanged", pkce.auth.exchangeCodeForSession(returned.searchParams.get("code")));

const mover = client();
await ask("signed_in", mover.auth.signInWithPassword({ email, password: second }));
await ask("asked_move", mover.auth.updateUser({ email: moved }));
await ask("half_moved", mover.auth.verifyOtp({ type: "email_change", token_hash: (await letter(moved, "Confirm your new e-mail address")).token }));
await ask("moved", mover.auth.verifyOtp({ type: "email_change", token_hash: (await letter(email, "Do you want to change your e-mail address?")).token }));
await ask("reauthenticate", mover.auth.reauthenticate());
await ask("wrong_nonce", mover.auth.updateUser({ password: third, nonce: "nonsense" }));
await ask("by_nonce", mover.auth.updateUser({ password: third, nonce: (await letter(moved, "Your code")).code }));

const [a, b, c] = [client(), client(), client()];
for (const [name, device] of Object.entries({ a, b, c })) {
  await ask(`in_${name}`, device.auth.signInWithPassword({ email: moved, password: third }));
}
await ask("out_others", a.auth.signOut({ scope: "others" }));
await ask("b_after_others", b.auth.refreshSession());
await ask("a_after_others", a.auth.refreshSession());
await ask("in_b_again", b.auth.signInWithPassword({ email: moved, password: third }));
await ask("out_local", a.auth.signOut({ scope: "local" }));
await ask("b_after_local", b.auth.refreshSession());
await ask("out_global", b.auth.signOut());
await ask("c_after_global", c.auth.getUser());

await ask("otp", one.auth.signInWithOtp({ email }));
await ask("resend", one.auth.resend({ type: "signup", email: "nobody@callx.example" }));
await ask("unknown_reset", one.auth.resetPasswordForEmail("nobody@callx.example"));
console.log(JSON.stringify({ seen, events: { one: one.events, forgetful: forgetful.events, pkce: pkce.events, mover: mover.events } }));
