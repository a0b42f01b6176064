// An admin builds a course, publishes it, and takes it to another place, with the real client: argument 1 is the server,
// 2 the key, 3 the password. Prints what came back.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password] = process.argv.slice(2);
const open = () =>
  createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket }, // Node before 22 has none of its own
  });
const ada = open();
const tess = open();
await ada.auth.signInWithPassword({ email: "ada@callx.example", password });
await tess.auth.signInWithPassword({ email: "tess@callx.example", password });
const seen = {};

const rows = async (client, table, columns = "*") => (await client.from(table).select(columns)).data;
const made = async (table, row) => {
  const { data, error } = await ada.from(table).insert(row).select().single();
  if (error) throw new Error(`${table}: ${error.message}`);
  return data;
};
const rpc = async (client, name, wanted) => {
  const { data, error } = await client.rpc(name, wanted);
  return error ? { code: error.code, message: error.message } : data;
};
const invoke = async (client, name, options) => {
  const { data, error } = await client.functions.invoke(name, options);
  return error ? { status: error.context.status, ...(await error.context.json()) } : data;
};

// No order was asked for: by title, at every level.
const titles = (list) =>
  list
    .map((row) => [row.title, ...(row.modules ? [titles(row.modules)] : []), ...(row.lessons ? [titles(row.lessons)] : [])])
    .sort();

const product = await made("products", { title: "Refunds", is_active: false, key: "refunds" });
const module = await made("modules", { product_id: product.id, title: "First", order_index: 1 });
const lesson = await made("lessons", {
  module_id: module.id,
  title: "Read",
  lesson_type: "text",
  order_index: 1,
  text_content: '<p onclick="steal()">Hello <b>you</b></p><script>steal()</script>',
});
seen.text = lesson.text_content;
const quizLesson = await made("lessons", { module_id: module.id, title: "Check", lesson_type: "quiz", order_index: 2 });
const quiz = await made("quizzes", { lesson_id: quizLesson.id, passing_grade: 80 });
seen.refused = await rpc(ada, "publish_content", { id: product.id });
const question = await made("quiz_questions", {
  quiz_id: quiz.id,
  question_text: "Is it?",
  question_type: "true_false",
  order_index: 1,
});
await made("quiz_answers", { question_id: question.id, answer_text: "Yes", is_correct: true, order_index: 1 });
await made("quiz_answers", { question_id: question.id, answer_text: "No", is_correct: false, order_index: 2 });
seen.hidden = await rows(tess, "products", "id, modules (id, lessons (id))");
seen.published = await rpc(ada, "publish_content", { id: product.id });
seen.by_trainee = await rpc(tess, "publish_content", { id: product.id });
seen.shown = titles(await rows(tess, "modules", "title, lessons (title)"));

const draft = await made("lessons", {
  module_id: module.id,
  title: "Later",
  lesson_type: "text",
  order_index: 3,
  text_content: "Soon.",
  status: "draft",
});
seen.forced = (await ada.from("lessons").update({ status: "published" }).eq("id", draft.id)).error;
seen.draft_hidden = titles(await rows(tess, "lessons", "title"));
seen.whole_row_back = (await ada.from("lessons").upsert({ ...lesson, title: "Read this" }).select("title, status").single()).data;

const pack = await invoke(ada, "export-course", { body: { product_id: product.id } });
seen.pack = { type: pack.type, size: pack.size > 0 };
const yaml = await invoke(ada, "export-course", { body: { product_id: product.id, format: "yaml" } });
seen.unchanged = await invoke(ada, "import-course", { body: pack });
// "Elsewhere": the same words under another key are another course.
const elsewhere = yaml.replace("key: refunds", "key: refunds_elsewhere");
seen.tried = await invoke(ada, "import-course", { body: { yaml: elsewhere, dry_run: true } });
seen.imported = await invoke(ada, "import-course", { body: { yaml: elsewhere, publish: true } });
seen.wrong = await invoke(ada, "import-course", { body: { yaml: elsewhere.replace("true_false", "maybe") } });
seen.import_by_trainee = await invoke(tess, "import-course", { body: { yaml: elsewhere } });
seen.both_shown = titles(await rows(tess, "products", "title, modules (title, lessons (title))"));
seen.copy = await rpc(ada, "duplicate_content", { id: product.id });
seen.copy_hidden = (await rows(tess, "products", "id")).length;
seen.unpublished = await rpc(ada, "unpublish_content", { id: product.id });
seen.left = await rows(tess, "products", "title, key");
console.log(JSON.stringify(seen));
process.exit(0);
