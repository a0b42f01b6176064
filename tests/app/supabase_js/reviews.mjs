// A call is talked about, disputed and reviewed with the real client: argument 1 is the server, 2 the key, 3 the
// password, 4 the call. Prints what came back.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password, call_id] = process.argv.slice(2);
const supabase = createClient(url, key, {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
});
const seen = {};

async function ask(name, request) {
  const { data, error, status } = await request;
  seen[name] = error ? { status, code: error.code, message: error.message, details: error.details } : data;
  return data;
}
async function call(name, body) {
  const { data, error } = await supabase.functions.invoke("review-call", { body: { call_id, ...body } });
  seen[name] = error ? { status: error.context.status, ...(await error.context.json()) } : data;
  return seen[name];
}
async function report(name) {
  const { data } = await supabase.auth.getSession();
  const headers = { apikey: key, authorization: `Bearer ${data.session.access_token}` };
  seen[name] = await (await fetch(`${url}/voice/v1/calls/${call_id}/evaluation`, { headers })).json();
}
const as = (who) => supabase.auth.signInWithPassword({ email: `${who}@callx.example`, password });
const overrides = [{ criterion: "respect", verdict: "met", reason: "She said it to the parrot." }];

await as("mira");
const comment = await ask(
  "comment",
  supabase.from("call_comments").insert({ call_id, at_ms: 83000, body: "What was that?" }).select().single(),
);
await ask(
  "note",
  supabase.from("call_comments").insert({ call_id, body: "Talk to her.", visibility: "managers" }).select().single(),
);

await as("tess");
await ask("what_tess_reads", supabase.from("call_comments").select("body, author_name, author_role").order("created_at"));
await ask("answer", supabase.from("call_comments").insert({ call_id, reply_to: comment.id, body: "A parrot." }).select().single());
await ask("no_thread", supabase.from("call_comments").insert({ call_id, body: "Me first." }));
await ask("request", supabase.from("review_requests").insert({ call_id, reason: "There is a parrot." }).select().single());
await ask("request_again", supabase.from("review_requests").insert({ call_id, reason: "There is a parrot." }));
await ask("queue_of_a_trainee", supabase.from("review_queue").select("*"));
await call("own_review", { overrides, reason: "I was good.", publish: true });
await report("report_before");

await as("otto");
await call("review_of_another_team", { overrides, reason: "Why not.", publish: true });
await ask("queue_of_another_team", supabase.from("review_queue").select("call_id"));

await as("ada");
await ask("claim", supabase.rpc("claim_review", { call_id }));

await as("mira");
await ask(
  "queue",
  supabase
    .from("review_queue")
    .select("call_id, full_name, reasons, request_reason, claimed_by_name, calls(mode)")
    .contains("reasons", ["dispute"]),
);
await ask("claimed_already", supabase.rpc("claim_review", { call_id }));
await ask("take_over", supabase.rpc("claim_review", { call_id, take_over: true }));
await call("unsound", { overrides: [{ criterion: "respect", check: "nonsense", verdict: "met" }], publish: true });
await call("draft", { overrides, reason: "The recording has a parrot." });
await ask("my_draft", supabase.from("reviews").select("state, overrides, reason").single());
await call("published", { overrides, reason: "The recording has a parrot.", publish: true });
await call("outdated", { overrides: [], reason: "No.", publish: true, based_on: null });
await ask("resolve", supabase.from("call_comments").update({ resolved_at: "1999-01-01T00:00:00Z" }).eq("id", comment.id).select("resolved_by").single());
await ask("queue_afterwards", supabase.from("review_queue").select("call_id"));

await as("tess");
await report("report_afterwards");
await ask("review_for_tess", supabase.from("reviews").select("reviewer_name, decision, reason, certificate_stands").single());
await ask("request_afterwards", supabase.from("review_requests").select("state, review_id").single());
await ask("versions", supabase.from("evaluation_versions").select("number, source, score:report->overall_score"));
await ask("attempt", supabase.from("simulation_attempts").select("passed, machine_passed, overall_score, machine_score").single());
await ask("completion", supabase.from("lesson_completions").select("lesson_id"));
console.log(JSON.stringify(seen));
process.exit(0);
