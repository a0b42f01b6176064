// A foreign library through both of its clients: argument 1 is the server, 2 a librarian's token. Prints what came back.
import { PostgrestClient } from "@supabase/postgrest-js";
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, token] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${token}` };
const root = new PostgrestClient(url, { headers, schema: "library" });
const supabase = createClient(url, "any key", {
  db: { schema: "library" },
  global: { headers },
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
});
const seen = {};

async function ask(name, request) {
  const { data, error, status, count } = await request;
  seen[name] = { data: data ?? null, error: error?.code ?? null, status, count };
}

for (const [name, client] of [["root", root], ["prefixed", supabase]]) {
  await ask(`${name} nested`, client
    .from("books")
    .select("title, categories(name), authors(name), editions(number, copies(condition))")
    .order("id")
    .order("name", { referencedTable: "authors" })
    .order("number", { referencedTable: "editions" })
    .in("id", [1, 3]));
  await ask(`${name} count`, client.from("books").select("*", { count: "exact", head: true }).contains("tags", ["magic"]));
  await ask(`${name} range`, client.from("loans").select("id").overlaps("period", "[2026-02-12,2026-02-20)").order("id"));
  await ask(`${name} json`, client.from("books").select("first:details->awards->>0").eq("details->stock->>north", "2"));
  await ask(`${name} single`, client.from("books").select("id").single());
  await ask(`${name} rpc`, client.rpc("tagged", { tags: ["sea"] }).select("id"));
  await ask(`${name} rpc get`, client.rpc("add", { a: 1 }, { get: true }));
  await ask(`${name} other schema`, client.schema("cards").from("cards").select("number"));
  await ask(`${name} upsert`, client
    .from("reviews")
    .upsert({ book_id: 2, member_id: 1, stars: 4 }, { onConflict: "book_id,member_id" })
    .select("stars, books(title)")
    .single());
}
console.log(JSON.stringify(seen));
