// Asks for a certificate with the real client: argument 1 is the server, 2 the key, 3 the password, 4 the product.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password, product_id] = process.argv.slice(2);
const supabase = createClient(url, key, {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
});

async function start(blob) {
  return (await blob.text()).slice(0, 5);
}

const body = { product_id };
await supabase.auth.signInWithPassword({ email: "theo@callx.example", password });
const { error } = await supabase.functions.invoke("generate-certificate", { body });
const refused = { status: error.context.status, body: await error.context.json() };

await supabase.auth.signInWithPassword({ email: "tess@callx.example", password });
const { data: given } = await supabase.functions.invoke("generate-certificate", { body });
const link = new URL(given.certificate_url);
const opened = await fetch(url + link.pathname + link.search);
const { data: list } = await supabase
  .from("certifications")
  .select("certificate_url, code, revoked_at, products(title), certificate_issues(number, holder_name)");

await supabase.auth.signInWithPassword({ email: "mira@callx.example", password });
const { data: forManager } = await supabase.storage.from("certificates").download(given.path);

await supabase.auth.signInWithPassword({ email: "ada@callx.example", password });
const { error: notRevoked } = await supabase.rpc("revoke_certification", {
  certification_id: given.certification_id,
  reason: "A test.",
});
const { data: revoked } = await supabase.from("certifications").select("revoked_at").single();

console.log(
  JSON.stringify({
    refused,
    given,
    opened: { status: opened.status, type: opened.headers.get("content-type"), start: await start(await opened.blob()) },
    list,
    forManager: await start(forManager),
    notRevoked,
    revoked,
  }),
);
