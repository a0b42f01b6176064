// Uploads one file with tus-js-client as Supabase's documentation shows it, and breaks off on the way.
//
//   node upload.mjs URL TOKEN FILE NAME STOP_AT     uploads until STOP_AT bytes are sent and ends like a closed tab
//   node upload.mjs URL TOKEN FILE NAME             finds the upload that was begun and finishes it

import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import * as tus from "tus-js-client";

const [url, token, file, name, stopAt] = process.argv.slice(2);
const storage = path.join(path.dirname(file), "uploads-under-way.json");
const requests = [];

function upload() {
  return new Promise((resolve, reject) => {
    const sent = new tus.Upload(fs.createReadStream(file), {
      endpoint: `${url}/storage/v1/upload/resumable`,
      retryDelays: [0, 100, 500],
      headers: { authorization: `Bearer ${token}`, "x-upsert": "true" },
      uploadDataDuringCreation: true,
      removeFingerprintOnSuccess: true,
      fingerprint: async () => `film:${name}`,
      urlStorage: new tus.FileUrlStorage(storage),
      metadata: {
        bucketName: "lesson-videos",
        objectName: name,
        contentType: "video/mp4",
        cacheControl: "3600",
        metadata: JSON.stringify({ take: 1 }),
      },
      chunkSize: 6 * 1024 * 1024,
      onBeforeRequest: (request) => {
        requests.push([request.getMethod(), request.getHeader("Upload-Offset") ?? null]);
      },
      onProgress: (sentBytes) => {
        if (stopAt && sentBytes >= Number(stopAt)) {
          console.log(JSON.stringify({ stopped: sentBytes, requests }) + os.EOL);
          process.exit(0); // in the middle of a request, as a closed tab does
        }
      },
      onError: reject,
      onSuccess: () => resolve(sent.url),
    });
    sent.findPreviousUploads().then((previous) => {
      if (previous.length) {
        sent.resumeFromPreviousUpload(previous[0]);
      }
      sent.start();
    }, reject);
  });
}

try {
  console.log(JSON.stringify({ url: await upload(), requests }));
} catch (error) {
  console.log(JSON.stringify({ error: error.message, status: error.originalResponse?.getStatus() ?? null, requests }));
}
