// What an administrator's front end does, with the real client. Arguments: the server, its public key, everybody's
// password, and as JSON who and what there is.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password, known] = process.argv.slice(2);
const { tess, theo, ada, product, welcome, video, basics, practice, quiz, question, simulation } = JSON.parse(known);
const seen = {};

async function signedIn(name) {
  const client = createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket }, // Node before 22 has none of its own
  });
  const { error } = await client.auth.signInWithPassword({ email: `${name}@callx.example`, password });
  if (error) throw error;
  return client;
}

async function note(name, query) {
  const { data, error, status, count } = await query;
  seen[name] = { data, status, count, code: error?.code ?? null, message: error?.message ?? null };
  return data;
}

const [asAda, asTess, asTheo] = await Promise.all(["ada", "tess", "theo"].map(signedIn));
const names = (client) => client.from("profiles").select("full_name").order("full_name");
const titles = (client, table, parent, id) => client.from(table).select("title").eq(parent, id).order("order_index");

// Roles and teams count at the next request, and are taken away as quickly.
await note("role_given", asAda.from("user_roles").insert({ user_id: theo, role: "manager" }).select("role").single());
await note("role_again", asAda.from("user_roles").insert({ user_id: theo, role: "manager" }));
await note("assigned", asAda.from("manager_assignments").insert({ trainee_id: tess, manager_id: theo }).select("trainee_id").single());
await note("seen_by_the_new_manager", names(asTheo));
await note("role_taken", asAda.from("user_roles").delete().match({ user_id: theo, role: "manager" }).select("role"));
await note("seen_by_who_was_manager", names(asTheo));
await note("role_for_oneself", asTess.from("user_roles").insert({ user_id: tess, role: "admin" }));
await note("role_changed_by_oneself", asTess.from("user_roles").update({ role: "admin" }).eq("user_id", tess));

// The last admin stays.
await note("last_admin_deleted", asAda.from("user_roles").delete().match({ user_id: ada, role: "admin" }));
await note("last_admin_demoted", asAda.from("user_roles").update({ role: "trainee" }).match({ user_id: ada, role: "admin" }));
await note("still_admin", asAda.from("user_roles").select("role").eq("user_id", ada));

// What the server fills in cannot be sent.
await note("product_of_another", asAda.from("products").insert({ title: "Mine", created_by: theo }).select("created_by, created_at").single());
await note("product_of_long_ago", asAda.from("products").insert({ title: "Mine", created_at: "2001-01-01T00:00:00Z" }).select("created_by, created_at").single());
await note("product", asAda.from("products").insert({ title: "Mine" }).select("title, created_by, is_active").single());
await note("role_of_long_ago", asAda.from("user_roles").insert({ user_id: theo, role: "manager", created_at: "2001-01-01" }).select("created_at").single());
await asAda.from("user_roles").delete().eq("user_id", theo).eq("role", "manager");
await note("certificate", asAda.from("certifications").insert({ user_id: tess, product_id: product, certificate_url: "x" }));
await note("attempt", asTess.from("quiz_attempts").insert({ quiz_id: quiz, user_id: tess, score: 100, passed: true, answers: [] }).select("score, passed").single());
await note("attempt_with_an_answer_key", asTess.from("quiz_attempts").insert({ quiz_id: quiz, user_id: tess, score: 1, passed: true, answers: [], answer_key: {} }));

// The order of lessons, modules and questions.
await note("lesson_moved", asAda.rpc("move_lesson", { id: welcome, to_index: 2 }));
await note("lessons", titles(asAda, "lessons", "module_id", basics));
await note("module_moved", asAda.rpc("move_module", { id: practice, to_index: 1 }));
await note("modules", titles(asAda, "modules", "product_id", product));
const second = await note("question", asAda.from("quiz_questions").insert({ quiz_id: quiz, question_text: "And now?", question_type: "true_false", order_index: 2 }).select("id").single());
await note("question_moved", asAda.rpc("move_question", { id: second.id, to_index: 1 }));
await note("questions", asAda.from("quiz_questions").select("question_text").eq("quiz_id", quiz).order("order_index"));
await note("moved_by_a_trainee", asTess.rpc("move_lesson", { id: video, to_index: 1 }));
await note("moved_nowhere", asAda.rpc("move_lesson", { id: question, to_index: 1 }));

// Completing, and completing again, in every way that front ends know.
const mine = { user_id: tess, lesson_id: welcome };
await note("completed", asTess.from("lesson_completions").insert(mine).select().single());
await note("completed_again", asTess.from("lesson_completions").insert(mine).select().single());
await note("completed_silently", asTess.from("lesson_completions").insert(mine));
await note("upserted", asTess.from("lesson_completions").upsert(mine, { onConflict: "user_id,lesson_id" }).select("lesson_id").single());
await note("upserted_and_dated", asTess.from("lesson_completions").upsert({ ...mine, completed_at: "2001-01-01T00:00:00Z" }, { onConflict: "user_id,lesson_id" }).select("completed_at").single());
await note("ignored", asTess.from("lesson_completions").upsert(mine, { onConflict: "user_id,lesson_id", ignoreDuplicates: true }));
await note("upserted_anew", asTess.from("lesson_completions").upsert({ user_id: tess, lesson_id: video }, { onConflict: "user_id,lesson_id" }).select("lesson_id").single());
await note("completions", asTess.from("lesson_completions").select("lesson_id, completed_at").order("lesson_id"));
await note("completed_for_another", asTess.from("lesson_completions").insert({ user_id: theo, lesson_id: welcome }));

// Progress, of oneself and of others.
await note("own_progress", asTess.rpc("module_progress", { product_id: product }));
await note("progress_for_an_admin", asAda.rpc("module_progress", { product_id: product, user_id: tess }));
await note("progress_of_another", asTheo.rpc("module_progress", { product_id: product, user_id: tess }));

// The profile.
await note("renamed", asTess.from("profiles").update({ full_name: "  Tess\n T. " }).eq("id", tess).select("full_name").single());
await note("address_taken", asTess.from("profiles").update({ email: "boss@callx.example" }).eq("id", tess));
await note("id_taken", asTess.from("profiles").update({ id: theo }).eq("id", tess));
await note("another_renamed", asTess.from("profiles").update({ full_name: "X" }).eq("id", theo).select());
await note("renamed_by_the_admin", asAda.from("profiles").update({ full_name: "Theo T." }).eq("id", theo).select("full_name").single());

// Enrolment.
await note("closed", asAda.from("site_settings").update({ open_enrolment: false }).eq("id", true).select("open_enrolment").single());
await note("products_before", asTheo.from("products").select("title"));
await note("enrolled", asAda.from("assignments").insert({ product_id: product, user_id: theo, due_at: "2030-01-01T00:00:00Z" }).select("assigned_by").single());
await note("products_after", asTheo.from("products").select("title"));

// Scripts and rubrics that cannot be used.
const scenario = () => asAda.from("simulation_scenarios");
await note("bad_rubric", scenario().update({ rubric: { title: "R", version: 1, sections: [] } }).eq("simulation_id", simulation));
await note("bad_script", scenario().update({ script: { title: "S" } }).eq("simulation_id", simulation));
await note("default_rubric", scenario().update({ rubric: {} }).eq("simulation_id", simulation).select("rubric").single());

// The log.
await note("audit", asAda.from("audit_events").select("action, actor_id").eq("subject_id", theo).order("id"));
await note("audit_whole", asAda.rpc("verify_audit").single());
await note("audit_for_a_trainee", asTess.rpc("verify_audit"));
await note("audit_changed", asAda.from("audit_events").delete().gt("id", 0));

// A course that somebody has results in is archived.
await note("deleted", asAda.from("products").delete().eq("id", product).select("title"));
await note("products_left", asAda.from("products").select("title").order("title"));
await note("results_left", asAda.from("lesson_completions").select("lesson_id", { count: "exact", head: true }));

console.log(JSON.stringify(seen));
