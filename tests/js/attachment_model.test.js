import assert from "node:assert/strict";
import { test } from "node:test";
import { fileOf, sorted } from "../../static/js/attachment_model.js";

const row = (file_name, more = {}) => ({ id: file_name, file_name, file_path: `x/${file_name}`, file_size: 3, kind: "file", ...more });

test("A file says what it is by its ending.", () => {
  assert.deepEqual(fileOf(row("Handbook.PDF")), {
    id: "Handbook.PDF", name: "Handbook.PDF", path: "x/Handbook.PDF", size: 3, icon: "text", word: "PDF", isPicture: false, isPdf: true,
  });
  assert.ok(fileOf(row("a.webp")).isPicture);
  assert.ok(!fileOf(row("a.svg")).isPicture, "a drawing can hold a script");
  assert.equal(fileOf(row("Handbook", { file_path: "lesson-attachments/x/a.pdf" })).path, "x/a.pdf");
  assert.equal(fileOf(row("noending")).word, "File");
});

test("Captions are no attachments to download.", () => {
  const { files, captions } = sorted([
    row("b.pdf"), row("de.vtt", { kind: "captions", language: "de" }), row("a.pdf"), row("en.vtt", { kind: "captions", language: "en", label: "English (CC)" }),
  ]);
  assert.deepEqual(files.map(({ name }) => name), ["a.pdf", "b.pdf"]);
  assert.deepEqual(captions.map(({ label, language }) => [label, language]), [["Deutsch", "de"], ["English (CC)", "en"]]);
  assert.deepEqual(sorted(null), { files: [], captions: [] });
});
