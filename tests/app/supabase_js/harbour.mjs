// Every way of asking that the real client has: argument 1 is the server. Prints what came back.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const supabase = createClient(process.argv[2], "sb_publishable_demo", {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
});
const seen = {};
const boats = (columns = "id") => supabase.from("boats").select(columns).order("id");

async function ask(name, request) {
  const { data, error, status, count } = await request;
  seen[name] = { data: data ?? null, error: error ? `${error.code} ${error.details ?? ""}`.trim() : null, status, count };
}

async function ids(name, request) {
  const { data, error } = await request;
  seen[name] = error ? `${error.code} ${error.message}` : data.map((row) => row.id).join(" ");
}

// Filters
await ids("eq", boats().eq("name", "Aurora"));
await ids("neq", boats().neq("name", "Aurora"));
await ids("gt lt", boats().gt("length_m", 7).lt("length_m", 12));
await ids("gte lte", boats().gte("id", 2).lte("id", 2));
await ids("like", boats().like("name", "%r%"));
await ids("ilike", boats().ilike("name", "B%"));
await ids("likeAllOf", boats().likeAllOf("name", ["%o%", "%t"]));
await ids("likeAnyOf", boats().likeAnyOf("name", ["A%", "C%"]));
await ids("ilikeAnyOf", boats().ilikeAnyOf("name", ["a%", "b%"]));
await ids("ilikeAllOf", boats().ilikeAllOf("name", ["a%", "b%"]));
await ids("regexMatch", boats().regexMatch("name", "^[AB]"));
await ids("regexIMatch", boats().regexIMatch("name", "k$"));
await ids("is null", boats().is("berth", null));
await ids("not is null", boats().not("berth", "is", null));
await ids("isDistinct", boats().isDistinct("berth", "A1"));
await ids("in", boats().in("name", ["Aurora", 'x"y', "a,b", "(p)", ""]));
await ids("in nothing", boats().in("name", []));
await ids("notIn", boats().notIn("name", ["Aurora", "Brisk"]));
await ids("contains list", boats().contains("tags", ["old wood"]));
await ids("contains object", boats().contains("data", { flag: "DK" }));
await ids("contains range", boats().contains("season", "[5,6)"));
await ids("containedBy", boats().containedBy("tags", ["blue", "green"]));
await ids("overlaps", boats().overlaps("tags", ["red", "blue"]));
await ids("rangeGt", boats().rangeGt("season", "[0,2)"));
await ids("rangeGte", boats().rangeGte("season", "[2,3)"));
await ids("rangeLt", boats().rangeLt("season", "[20,30)"));
await ids("rangeLte", boats().rangeLte("season", "[2,11)"));
await ids("rangeAdjacent", boats().rangeAdjacent("season", "[10,12)"));
await ids("textSearch", boats().textSearch("name", "aurora | brisk", { config: "english" }));
await ids("textSearch web", boats().textSearch("name", "aurora or brisk", { type: "websearch" }));
await ids("match", boats().match({ name: "Aurora", berth: "A1" }));
await ids("or", boats().or('name.eq.Brisk,and(id.gt.2,name.ilike."%co%")'));
await ids("or embed", boats("id, moorings!inner(day)").or("note.eq.guest,note.eq.first", { referencedTable: "moorings" }));
await ids("filter", boats().filter("name", "in", '("Aurora","Brisk")'));
await ids("json", boats().eq("data->>flag", "NO"));
await ids("json deep", boats().eq("data->crew->-1->>name", "Per"));
await ids("empty embed", boats("id, moorings()").not("moorings", "is", null));
await ids("anti join", boats("id, moorings()").is("moorings", null));

// Selections, orders, pages
await ask("nested", boats("name, at:berth, first:data->crew->0->>name, moorings(day, note)").order("day", { referencedTable: "moorings", ascending: false }).limit(1, { referencedTable: "moorings" }).eq("id", 1));
await ask("spread", supabase.from("moorings").select("day, ...boats(boat:name)").order("day").order("boat_id").limit(2));
await ask("related order", supabase.from("moorings").select("note, boats(name)").order("boats(name)", { ascending: false }).order("day").limit(1));
await ask("embedded count", boats("name, moorings(count)").eq("id", 1));
await ask("nulls", supabase.from("boats").select("id").order("length_m", { ascending: false, nullsFirst: false }));
await ask("page", supabase.from("boats").select("id", { count: "exact" }).order("id").range(1, 1));
await ask("beyond", supabase.from("boats").select("id", { count: "exact" }).range(50, 60));
await ask("head", supabase.from("boats").select("*", { count: "estimated", head: true }).gt("id", 1));
await ask("aggregate", supabase.from("boats").select("length_m.avg()"));

// Forms
await ask("single", boats("name").eq("id", 2).single());
await ask("single of none", boats("name").eq("id", 9).single());
await ask("single of many", boats("name").single());
await ask("maybeSingle", boats("name").eq("id", 2).maybeSingle());
await ask("maybeSingle of none", boats("name").eq("id", 9).maybeSingle());
await ask("maybeSingle of many", boats("name").maybeSingle());
await ask("csv", boats("id,name").lt("id", 3).csv());
await ask("stripNulls", boats("id,berth").eq("id", 3).stripNulls());
await ask("explain", boats().explain({ format: "json" }));

// Writes
await ask("insert", supabase.from("boats").insert({ name: "One" }));
await ask("insert many", supabase.from("boats").insert([{ name: "Two", berth: "B" }, { name: "Three" }]).select("name, berth"));
await ask("insert defaults", supabase.from("boats").insert([{ name: "Four", berth: "B" }, { name: "Five" }], { defaultToNull: false }).select("name, berth"));
await ask("insert counted", supabase.from("boats").insert({ name: "Six" }, { count: "exact" }));
await ask("insert again", supabase.from("boats").insert({ name: "Six" }));
await ask("upsert", supabase.from("moorings").upsert([{ boat_id: 1, day: "2026-06-01", note: "up" }, { boat_id: 3, day: "2026-06-01", note: "up" }]).select("boat_id, note"));
await ask("upsert on name", supabase.from("boats").upsert({ name: "Six", berth: "S" }, { onConflict: "name" }).select("berth").single());
await ask("upsert ignored", supabase.from("boats").upsert({ name: "Six", berth: "T" }, { onConflict: "name", ignoreDuplicates: true }).select());
await ask("update", supabase.from("boats").update({ berth: "U" }).eq("name", "Six"));
await ask("update shown", supabase.from("boats").update({ berth: "V" }, { count: "exact" }).in("name", ["Five", "Six"]).select("name").order("name"));
await ask("update all", supabase.from("boats").update({ berth: "W" }));
await ask("maxAffected", supabase.from("boats").update({ berth: "W" }).gt("id", 0).maxAffected(2));
await ask("delete shown", supabase.from("boats").delete().eq("name", "Six").select("name").single());
await ask("delete none single", supabase.from("boats").delete().eq("name", "Six").select().single());
await ask("delete", supabase.from("boats").delete({ count: "exact" }).in("name", ["One", "Two", "Three", "Four", "Five"]));
await ask("delete all", supabase.from("boats").delete());

// Calls
await ask("rpc", supabase.rpc("add", { a: 1, b: 2 }));
await ask("rpc get", supabase.rpc("words", { list: ["a", "b c"] }, { get: true }));
await ask("rpc rows", supabase.rpc("boats_from", { metres: 5 }).select("name").order("name", { ascending: false }).limit(1));
await ask("rpc head", supabase.rpc("boats_from", { metres: 5 }, { head: true, count: "exact" }));
await ask("rpc single", supabase.rpc("boat", { id: 2 }).select("name").single());
await ask("rpc void", supabase.rpc("sink", { boat: 3 }));
await ask("rpc writing by get", supabase.rpc("sink", { boat: 3 }, { get: true }));
await ask("rpc none", supabase.rpc("nothing"));
console.log(JSON.stringify(seen));
