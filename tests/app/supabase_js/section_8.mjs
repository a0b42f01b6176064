// Section 8 of the specification, character for character, in a page of a trainee, and what such a page does around it.
// Argument 1 is the server, 2 its key. Prints what came back.
import "./browser.mjs";

import.meta.env = { VITE_SUPABASE_URL: process.argv[2], VITE_SUPABASE_ANON_KEY: process.argv[3] };
const requests = [];
const reallyFetch = globalThis.fetch;
globalThis.fetch = (address, options) => {
  requests.push(`${options?.method ?? "GET"} ${new URL(address).pathname}`);
  return reallyFetch(address, options);
};

import { createClient } from '@supabase/supabase-js'

const supabase = createClient(
  import.meta.env.VITE_SUPABASE_URL,
  import.meta.env.VITE_SUPABASE_ANON_KEY
)

const seen = {};
const events = { page: [], otherTab: [] };
supabase.auth.onAuthStateChange((event, session) => events.page.push([event, session?.user.email ?? null]));
await until(() => events.page.length);
seen.requests_before_sign_in = requests.length;

const credentials = { email: "trainee@callx.example", password: "callx-demo" };
const { user } = (await supabase.auth.signInWithPassword(credentials)).data;
const first = (table, columns) => supabase.from(table).select(columns).limit(1).single();
const userId = user.id;
const product = (await first("products", "id, modules(id, lessons(id, lesson_type, quizzes(id)))").eq("title", "Inbound Service Essentials")).data;
const productId = product.id;
const lessons = product.modules.flatMap((module) => module.lessons);
const lessonId = lessons.find((lesson) => lesson.lesson_type === "text").id;
const quizId = lessons.find((lesson) => lesson.quizzes).quizzes.id;

{
const { data, error } = await supabase
  .from('products')
  .select('*')
  .eq('is_active', true)
  seen.products = { error, titles: data.map((row) => row.title).sort() };
}
{
const { data, error } = await supabase
  .from('modules')
  .select(`
    *,
    lessons (*)
  `)
  .eq('product_id', productId)
  .order('order_index')
  seen.modules = { error, lessons: data.map((row) => row.lessons.length), columns: Object.keys(data[0]) };
}
{
const { error } = await supabase
  .from('lesson_completions')
  .insert({
    user_id: userId,
    lesson_id: lessonId
  })
  seen.completion = { error };
}
{
const { error } = await supabase
  .from('quiz_attempts')
  .insert({
    user_id: userId,
    quiz_id: quizId,
    score: 85,
    passed: true,
    answers: [/* ... */]
  })
  seen.attempt = { error };
}
{
const { data, error } = await supabase.functions.invoke('ai-call-simulation', {
  body: { simulation_id: 'uuid', user_message: 'Hello' }
})
  seen.call = { data, error: error.name, status: error.context.status, body: await error.context.json() };
}
seen.kept = (await supabase.from("lesson_completions").select("lesson_id").eq("lesson_id", lessonId)).data.length;
seen.graded = (await first("quiz_attempts", "score, passed, answers").eq("quiz_id", quizId)).data;

// The page is loaded again, or opened in another tab: the session is found where the first one kept it.
const before = requests.length;
const otherTab = createClient(import.meta.env.VITE_SUPABASE_URL, import.meta.env.VITE_SUPABASE_ANON_KEY);
otherTab.auth.onAuthStateChange((event, session) => events.otherTab.push([event, session?.user.email ?? null]));
const found = (await otherTab.auth.getSession()).data.session;
await until(() => events.otherTab.length);
seen.reloaded = { email: found.user.email, requests: requests.length - before };

// Both tabs find at once that the session is about to expire and refresh it with the same token. The client keeps what
// was stored first and drops the other answer; either way both tabs stay signed in.
const [name, text] = stored();
localStorage.setItem(name, JSON.stringify({ ...JSON.parse(text), expires_at: Math.floor(Date.now() / 1000) + 20 }));
await Promise.all([supabase.auth.getSession(), otherTab.auth.getSession()]);
const [mine, others] = (await Promise.all([supabase, otherTab].map((tab) => tab.auth.getSession()))).map((it) => it.data.session);
seen.refreshed = {
  requests: requests.filter((request) => request === "POST /auth/v1/token").length - 1,
  renewed: mine.refresh_token !== found.refresh_token && mine.expires_at > Date.now() / 1000 + 100,
  same: mine.refresh_token === others.refresh_token,
  errors: (await Promise.all([supabase, otherTab].map((tab) => tab.from("products").select("title")))).map((it) => it.error),
};

await supabase.auth.signOut();
await until(() => events.otherTab.some(([event]) => event === "SIGNED_OUT"));
seen.signed_out = { kept: stored() ?? null, code: (await supabase.from("products").select("*")).error.code };
console.log(JSON.stringify({ seen, events }));
process.exit(0); // the clients would look after their sessions for ever

function stored() {
  return localStorage.entries().find(([name]) => name.endsWith("-auth-token"));
}

async function until(condition) {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 500) throw new Error(`It never came: ${condition}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
