// Watches a lesson's video and searches, with the real client: argument 1 is the server, 2 the key, 3 the password,
// 4 a video lesson. Prints what came back.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password, lesson_id] = process.argv.slice(2);
const supabase = createClient(url, key, {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
});
const seen = {};
const keep = (name, { data, error, status }) => {
  seen[name] = error ? { status, message: error.message, details: error.details } : data;
  return data;
};

const { data: login } = await supabase.auth.signInWithPassword({ email: "ada@callx.example", password });
const film = new Blob([Buffer.from("film")], { type: "video/webm" });
keep("uploaded", await supabase.storage.from("lesson-videos").upload("story/film.webm", film, { contentType: "video/webm" }));
keep("named", await supabase.from("lessons").update({ video_url: "story/film.webm", must_watch: true }).eq("id", lesson_id).select("must_watch"));

await supabase.auth.signInWithPassword({ email: "tess@callx.example", password });
const { data: me } = await supabase.auth.getUser();
keep("lesson", await supabase.from("lessons").select("title, must_watch, lesson_videos(state)").eq("id", lesson_id).single());
keep("link", await supabase.storage.from("lesson-videos").createSignedUrl("story/film.webm", 60));
keep("opened", await supabase.rpc("watch_lesson", { lesson_id }));
keep("told", await supabase.rpc("watch_lesson", { lesson_id, ranges: [[0, 4000]], position_ms: 4000 }));
keep("odd", await supabase.rpc("watch_lesson", { lesson_id, ranges: [[4000, 0]] }));
keep("claimed", await supabase.rpc("watch_lesson", { lesson_id, ranges: [[0, 3600000]] }));
keep("rows", await supabase.from("video_watching").select("watched, watched_ms, position_ms"));
keep("not_yet", await supabase.from("lesson_completions").insert({ user_id: me.user.id, lesson_id }));
keep("found", await supabase.rpc("search_lessons", { query: "learn" }));
keep("found_by_get", await supabase.rpc("search_lessons", { query: "secret" }, { get: true }));
keep("first", await supabase.rpc("search_lessons", { query: "watch" }).select("lesson_title").limit(1).single());
console.log(JSON.stringify(seen));
process.exit(login ? 0 : 1);
