// Exports a table in both formats with the real client: argument 1 is the server, 2 the key, 3 the password.
// Prints the CSV's first line, and what kind of thing the XLSX is, with its bytes.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password] = process.argv.slice(2);
const supabase = createClient(url, key, {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket }, // Node before 22 has none of its own
});
await supabase.auth.signInWithPassword({ email: "mira@callx.example", password });
const csv = await supabase.functions.invoke("export-table", { body: { table: "people" } });
const xlsx = await supabase.functions.invoke("export-table", { body: { table: "people", format: "xlsx" } });
const bytes = Buffer.from(await xlsx.data.arrayBuffer());
console.log(JSON.stringify({ head: csv.data.split("\r\n")[0], kind: xlsx.data.constructor.name, xlsx: bytes.toString("base64") }));
process.exit(0);
