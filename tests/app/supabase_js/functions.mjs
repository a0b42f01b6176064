// Calls functions with the real client: argument 1 is the server, 2 the key, 3 the password. Prints what came back.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password] = process.argv.slice(2);
const supabase = createClient(url, key, {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
});
const seen = {};

async function call(name, functionName, options) {
  const { data, error } = await supabase.functions.invoke(functionName, options);
  const answer = { data: data instanceof Blob ? await shown(data) : data, error: null };
  if (error) {
    answer.error = { name: error.name, status: error.context?.status, body: await error.context.json() };
  }
  seen[name] = answer;
}

async function shown(blob) {
  return { type: blob.type, size: blob.size, start: (await blob.text()).slice(0, 8) };
}

await call("signed_out", "find-products");
await supabase.auth.signInWithPassword({ email: "tess@callx.example", password });
await call("without_body", "find-products");
await call("with_body", "find-products", { body: { title: "Bill", limit: 1 } });
await call("with_region", "find-products", { body: { limit: 1 }, region: "us-east-1" });
await call("stringified", "find-products", { body: JSON.stringify({ title: "Bill", limit: 1 }) });
await call("by_get", "find-products?title=none", { method: "GET" });
await call("file", "print-page", { body: { text: "hello" } });
await call("wrong_input", "find-products", { body: { limit: 100 } });
await call("wrong_method", "find-products", { method: "DELETE" });
await call("refused", "fail", { body: { kind: "known" } });
await call("broken", "fail", { body: {} });
await call("text", "find-products", { body: "limit=1" });
await call("unknown", "not-there", { body: {} });
supabase.functions.setAuth("forged");
await call("forged", "find-products", { headers: { Authorization: "Bearer forged" } });

const channel = supabase.channel("room");
const status = await new Promise((resolve) => channel.subscribe((state) => resolve(state)));
const removed = await supabase.removeChannel(channel);
console.log(JSON.stringify({ seen, channel: { status, removed } }));
process.exit(0); // the client would try to connect for ever
