// Asks for progress with the real client: argument 1 is the server, 2 the key, 3 the password, 4 a product, 5 a trainee.
// Prints what came back.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password, product_id, trainee_id] = process.argv.slice(2);
const supabase = createClient(url, key, {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
});
const seen = {};

async function call(name, functionName, options) {
  const { data, error } = await supabase.functions.invoke(functionName, options);
  seen[name] = error ? { status: error.context.status, ...(await error.context.json()) } : data;
}

const asked = `get-user-progress?product_id=${product_id}`;
await call("signed_out", asked, { method: "GET" });
await supabase.auth.signInWithPassword({ email: "tess@callx.example", password });
await call("own", asked, { method: "GET" });
await call("own_by_post", "get-user-progress", { body: { product_id } });
await call("no_product", "get-user-progress", { method: "GET" });
await call("my_courses", "get-my-courses");
await call("team_of_a_trainee", "get-team-progress");
await supabase.auth.signInWithPassword({ email: "mira@callx.example", password });
await call("of_my_trainee", `${asked}&user_id=${trainee_id}`, { method: "GET" });
await call("my_team", "get-team-progress");
await call("my_team_by_get", "get-team-progress", { method: "GET" });
await supabase.auth.signInWithPassword({ email: "otto@callx.example", password });
await call("of_another_team", "get-user-progress", { body: { product_id, user_id: trainee_id } });
console.log(JSON.stringify(seen));
process.exit(0);
