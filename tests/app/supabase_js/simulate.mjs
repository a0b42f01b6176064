// A typed call and its report with the real client: argument 1 is the server, 2 the key, 3 the password, 4 the title of a
// simulation, 5 what the trainee writes, as JSON. Prints what came back.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password, title, messages] = process.argv.slice(2);
const supabase = createClient(url, key, {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
});

async function invoke(name, body) {
  const { data, error } = await supabase.functions.invoke(name, { body });
  return error ? { status: error.context.status, ...(await error.context.json()) } : data;
}

const signedOut = await invoke("ai-call-simulation", { simulation_id: crypto.randomUUID(), user_message: "Hello" });
const { data: session } = await supabase.auth.signInWithPassword({ email: "trainee@callx.example", password });
const unknown = await invoke("ai-call-simulation", { simulation_id: crypto.randomUUID(), user_message: "Hello" });
const { data: scenario } = await supabase
  .from("simulation_scenarios")
  .select("simulation_id, simulations(lesson_id)")
  .eq("title", title)
  .single();
const { simulation_id } = scenario;
const noCall = await invoke("evaluate-simulation", { simulation_id });

const transcript = [];
const answers = [];
for (const user_message of JSON.parse(messages)) {
  transcript.push({ speaker: "user", text: user_message, timestamp: new Date().toISOString() });
  const answer = await invoke("ai-call-simulation", { simulation_id, user_message });
  answers.push(answer);
  transcript.push(answer.transcript_entry);
}
const report = await invoke("evaluate-simulation", { simulation_id, transcript });
const again = await invoke("evaluate-simulation", { simulation_id, transcript });

const { data: attempts } = await supabase
  .from("simulation_attempts")
  .select("id, overall_score, passed, script_adherence, empathy_score, call_flow_score, transcript, call_id")
  .eq("simulation_id", simulation_id);
const { data: completed } = await supabase
  .from("lesson_completions")
  .select("lesson_id")
  .eq("lesson_id", scenario.simulations.lesson_id);
const { data: turns } = await supabase
  .from("call_turns")
  .select("number, speaker, text")
  .eq("call_id", report.call_id)
  .order("number");
const invented = await invoke("evaluate-simulation", {
  simulation_id,
  transcript: [{ speaker: "user", text: "I said all that was to be said.", timestamp: new Date().toISOString() }],
});
const { data: unverified } = await supabase.from("unverified_evaluations").select("user_id, transcript");
console.log(
  JSON.stringify({
    user: session.user.id, signedOut, unknown, noCall, answers, transcript, report, again, attempts, completed, turns,
    invented, unverified,
  }),
);
