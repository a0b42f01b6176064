// A front end's day, with the real client: argument 1 is the server, 2 the key, 3 the password. Prints what came back.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password] = process.argv.slice(2);
const supabase = createClient(url, key, {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
});
const seen = {};
const events = [];
supabase.auth.onAuthStateChange((event) => events.push(event));

async function ask(name, request) {
  const { data, error, status, count } = await request;
  const { code, message, details } = error ?? {};
  seen[name] = { data: data ?? null, error: error ? { code, message, details } : null, status, count };
  return data;
}

await ask("signed_out", supabase.from("products").select("*"));
await ask("wrong_password", supabase.auth.signInWithPassword({ email: "tess@callx.example", password: "wrong" }));
const { user } = await ask("sign_in", supabase.auth.signInWithPassword({ email: "tess@callx.example", password }));
await ask("user", supabase.auth.getUser());
await ask("refresh", supabase.auth.refreshSession());

const [product] = await ask("products", supabase.from("products").select("*").eq("is_active", true));
const modules = await ask(
  "modules",
  supabase
    .from("modules")
    .select(
      `
      *,
      lessons (*)
    `,
    )
    .eq("product_id", product.id)
    .order("order_index")
    .order("order_index", { referencedTable: "lessons" }),
);
await ask("chain", supabase.from("lessons").select("title, module:modules!inner(title, products(title))").eq("module.title", "Basics").order("order_index"));
await ask("counted", supabase.from("lessons").select("*", { count: "exact", head: true }));
await ask("in", supabase.from("lessons").select("title").in("title", ["The call", "Welcome (all)"]).order("title"));
await ask("single", supabase.from("products").select("title").eq("id", product.id).single());
await ask("no_single", supabase.from("products").select("title").eq("title", "none").single());
await ask("maybe_single", supabase.from("products").select("title").eq("title", "none").maybeSingle());

const lesson = modules[0].lessons[0];
const completion = { user_id: user.id, lesson_id: lesson.id };
await ask("completion", supabase.from("lesson_completions").insert(completion));
await ask("completion_again", supabase.from("lesson_completions").insert(completion));
await ask(
  "completion_shown",
  supabase
    .from("lesson_completions")
    .insert([{ user_id: user.id, lesson_id: modules[0].lessons[1].id }])
    .select("lessons(title)")
    .single(),
);
await ask("hidden", supabase.from("simulations").select("ai_system_prompt"));
await ask("sign_out", supabase.auth.signOut());
await ask("after_sign_out", supabase.from("products").select("*"));
console.log(JSON.stringify({ seen, events }));
