// An administrator's program, with the real client: argument 1 is the server, 2 the service key.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key] = process.argv.slice(2);
const { admin } = createClient(url, key, {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
}).auth;

const person = { email: "new@callx.example", password: "a good long one", email_confirm: true };
const created = (await admin.createUser(person)).data.user;
const taken = (await admin.createUser(person)).error.code;
const page = (await admin.listUsers({ page: 1, perPage: 4 })).data;
const banned = (await admin.updateUserById(created.id, { ban_duration: "876000h" })).data.user;
const unbanned = (await admin.updateUserById(created.id, { ban_duration: "none" })).data.user;
const found = (await admin.getUserById(created.id)).data.user;
const deleted = (await admin.deleteUser(created.id)).error;
const gone = (await admin.getUserById(created.id)).error.code;

console.log(JSON.stringify({
  created: created.email,
  taken,
  listed: { users: page.users.length, total: page.total, nextPage: page.nextPage, lastPage: page.lastPage },
  banned: new Date(banned.banned_until) > new Date(),
  unbanned: unbanned.banned_until ?? null,
  found: found.email,
  deleted,
  gone,
}));
