// A quiz with the real client: an admin fills it from a file, a trainee takes it, a manager gives more time and attempts.
// Argument 1 is the server, 2 the key, 3 the password, 4 the quiz, 5 tess, 6 theo, 7 the file. Prints what came back.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password, quiz_id, tess, theo, csv] = process.argv.slice(2);
const supabase = createClient(url, key, {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
});
const seen = {};

async function ask(name, request) {
  const { data, error } = await request;
  const { code, message, details } = error ?? {};
  seen[name] = error ? { code, message, details } : data;
  return data;
}

async function call(name, address, options) {
  const { data, error } = await supabase.functions.invoke(address, options);
  seen[name] = error ? { status: error.context.status, code: (await error.context.json()).code } : data;
  return data;
}

const signIn = (name) => supabase.auth.signInWithPassword({ email: `${name}@callx.example`, password });
const rpc = (name, ...asked) => ask(name, supabase.rpc(...asked));

await rpc("signed_out", "start_quiz", { quiz_id });
await signIn("ada");
await call("tried", "import-quiz", { body: { quiz_id, csv, dry_run: true } });
await call("imported", `import-quiz?quiz_id=${quiz_id}`, { body: csv, headers: { "Content-Type": "text/csv" } });
const file = await call("exported", `export-quiz?quiz_id=${quiz_id}`, { method: "GET" });
await call("imported_again", "import-quiz", { body: { quiz_id, csv: file } });
const rules = { time_limit_minutes: 10, max_attempts: 1, review: "after_attempt" };
await ask("rules", supabase.from("quizzes").update(rules).eq("id", quiz_id).select("needs_start").single());

await signIn("tess");
await call("trainee_exports", "export-quiz", { body: { quiz_id } });
await ask("hidden", supabase.from("quiz_questions").select("*").eq("quiz_id", quiz_id));
await rpc("standing", "quiz_result", { quiz_id });
const started = await rpc("started", "start_quiz", { quiz_id });
const { sitting_id } = started;
const [say, count] = ["short_text", "numeric"].map((type) => started.questions.find((each) => each.question_type === type).id);
const answers = [
  { question_id: say, text: "  THANK   you " },
  { question_id: count, text: "12,5" },
];
await rpc("saved", "save_quiz_answers", { sitting_id, answers });
await rpc("malformed", "save_quiz_answers", { sitting_id, answers: "all of them" });
await rpc("resumed", "start_quiz", { quiz_id });
const submitted = await rpc("submitted", "submit_quiz", { sitting_id, answers });
await rpc("submitted_again", "submit_quiz", { sitting_id, answers: [] });
await rpc("saved_too_late", "save_quiz_answers", { sitting_id, answers });
await rpc("review", "quiz_review", { attempt_id: submitted.attempt_id });
await rpc("no_more", "start_quiz", { quiz_id });
await ask("granted_to_oneself", supabase.from("quiz_allowances").insert({ user_id: tess, quiz_id, extra_attempts: 1 }));

await signIn("mira");
await ask("granted", supabase.from("quiz_allowances").insert({ user_id: tess, quiz_id, extra_attempts: 1, time_factor: 2 }).select().single());
await ask("granted_to_others", supabase.from("quiz_allowances").insert({ user_id: theo, quiz_id, extra_attempts: 1 }));
await rpc("standing_of_mine", "quiz_result", { quiz_id, user_id: tess });
await ask("raised", supabase.from("quiz_allowances").update({ extra_attempts: 2 }).eq("user_id", tess).select("extra_attempts, granted_by").single());

await signIn("tess");
await ask("my_allowances", supabase.from("quiz_allowances").select("extra_attempts, time_factor"));
await rpc("second", "start_quiz", { quiz_id, window_id: "00000000-0000-4000-8000-000000000001" });
await rpc("elsewhere", "save_quiz_answers", { sitting_id: seen.second.sitting_id, answers: [], window_id: "00000000-0000-4000-8000-000000000002" });
console.log(JSON.stringify(seen));
process.exit(0);
