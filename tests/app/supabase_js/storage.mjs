// Files with the real client: argument 1 is the server, 2 the key, 3 the password. Prints what came back.
import { createClient } from "@supabase/supabase-js";
import WebSocket from "ws";

const [url, key, password] = process.argv.slice(2);
const seen = {};

async function signedIn(name) {
  const client = createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket }, // Node before 22 has none of its own
  });
  if (name) await client.auth.signInWithPassword({ email: `${name}@callx.example`, password });
  return client.storage;
}

async function ask(name, request) {
  const { data, error } = await request;
  const { message, status, statusCode } = error ?? {};
  seen[name] = { data: data instanceof Blob ? `${data.type}: ${await data.text()}` : (data ?? null) };
  if (error) seen[name].error = { name: error.name, message, status, statusCode };
  return data;
}

async function opened(address, options) {
  const response = await fetch(address, options);
  return { status: response.status, text: await response.text(), headers: Object.fromEntries(response.headers) };
}

const ada = await signedIn("ada");
const tess = await signedIn("tess");
const nobody = await signedIn();
const videos = ada.from("lesson-videos");
const attachments = ada.from("lesson-attachments");

await ask("upload", videos.upload("billing/watch.mp4", Buffer.from("moving pictures"), { contentType: "video/mp4" }));
await ask("upload_again", videos.upload("billing/watch.mp4", Buffer.from("x"), { contentType: "video/mp4" }));
await ask("upsert", videos.upload("billing/watch.mp4", Buffer.from("second take"), { contentType: "video/mp4", upsert: true, cacheControl: "60" }));
await ask(
  "upload_blob",
  attachments.upload("terms.pdf", new Blob(["%PDF terms"], { type: "application/pdf" }), { metadata: { pages: 2, title: "Grüße" } }),
);
await ask("upload_file", attachments.upload("folder/Grüße 1.txt", new File(["hello"], "a.txt", { type: "text/plain" })));
await ask("update", attachments.update("folder/Grüße 1.txt", "hello again"));
await ask("html", attachments.upload("page.html", new Blob(["<p>"], { type: "text/html" })));
await ask("no_bucket", ada.from("nothing").upload("a.txt", "x"));
await ask("not_allowed", tess.from("lesson-videos").upload("mine.mp4", Buffer.from("x"), { contentType: "video/mp4" }));
await ask("odd_name", attachments.upload("a%00b.txt", "x"));

await ask("download", tess.from("lesson-videos").download("billing/watch.mp4"));
await ask("download_text", attachments.download("folder/Grüße 1.txt"));
await ask("download_hidden", tess.from("lesson-attachments").download("folder/Grüße 1.txt"));
await ask("download_signed_out", nobody.from("lesson-videos").download("billing/watch.mp4"));
await ask("download_picture", videos.download("billing/watch.mp4", { transform: { width: 10 } }));
await ask("info", attachments.info("terms.pdf"));
await ask("exists", videos.exists("billing/watch.mp4"));
await ask("exists_not", videos.exists("none.mp4"));

const link = await ask("signed", tess.from("lesson-videos").createSignedUrl("billing/watch.mp4", 60, { download: "Film & more.mp4" }));
seen.opened = await opened(link.signedUrl);
seen.opened_part = await opened(link.signedUrl, { headers: { Range: "bytes=0-5" } });
seen.opened_forged = await opened(link.signedUrl.replace("token=", "token=x"));
await ask("signed_not", tess.from("lesson-videos").createSignedUrl("none.mp4", 60));
const links = await ask("signed_many", attachments.createSignedUrls(["folder/Grüße 1.txt", "none.pdf"], 60));
seen.opened_many = await opened(links[0].signedUrl);

const permit = await ask("signed_upload", videos.createSignedUploadUrl("guest.mp4"));
const guest = nobody.from("lesson-videos");
await ask("upload_signed", guest.uploadToSignedUrl("guest.mp4", permit.token, Buffer.from("guest"), { contentType: "video/mp4" }));
await ask("upload_signed_again", guest.uploadToSignedUrl("guest.mp4", permit.token, Buffer.from("guest"), { contentType: "video/mp4" }));
const again = await ask("signed_upsert", videos.createSignedUploadUrl("guest.mp4", { upsert: true }));
await ask("upload_signed_blob", guest.uploadToSignedUrl("guest.mp4", again.token, new Blob(["guest 2"], { type: "video/mp4" })));

await ask("copy", videos.copy("guest.mp4", "copies/one.mp4"));
await ask("move", videos.move("guest.mp4", "copies/two.mp4"));
await ask("move_not", videos.move("guest.mp4", "copies/three.mp4"));
await ask("move_bucket", videos.move("copies/two.mp4", "two.mp4", { destinationBucket: "lesson-attachments" }));
await ask("list", videos.list());
await ask("list_folder", videos.list("copies", { limit: 10, sortBy: { column: "created_at", order: "desc" }, search: "one" }));
await ask("list_as_trainee", tess.from("lesson-videos").list("billing"));
await ask("remove", videos.remove(["copies/one.mp4", "none.mp4"]));
await ask("remove_not", tess.from("lesson-videos").remove(["billing/watch.mp4"]));

seen.public_url = await opened(videos.getPublicUrl("billing/watch.mp4").data.publicUrl);
await ask("buckets", ada.listBuckets());
await ask("bucket", ada.createBucket("logos", { public: true, fileSizeLimit: "1MB", allowedMimeTypes: ["image/*"] }));
await ask("logo", ada.from("logos").upload("a.png", new Blob(["png"], { type: "image/png" })));
seen.logo_url = await opened(nobody.from("logos").getPublicUrl("a.png", { download: true }).data.publicUrl);
await ask("update_bucket", ada.updateBucket("logos", { public: false }));
await ask("delete_full", ada.deleteBucket("logos"));
await ask("empty", ada.emptyBucket("logos"));
await ask("delete", ada.deleteBucket("logos"));
await ask("bucket_gone", ada.getBucket("logos"));
await ask("bucket_not_allowed", tess.createBucket("mine", { public: true }));
console.log(JSON.stringify(seen));
