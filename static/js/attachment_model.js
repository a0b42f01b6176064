/** Attachments of a lesson: what they are and how they are shown. PURE. */

const TYPES = {
  pdf: ["text", "PDF"],
  doc: ["text", "Word"], docx: ["text", "Word"], odt: ["text", "Text"], rtf: ["text", "Text"], txt: ["text", "Text"], md: ["text", "Text"],
  xls: ["filter", "Spreadsheet"], xlsx: ["filter", "Spreadsheet"], ods: ["filter", "Spreadsheet"], csv: ["filter", "Spreadsheet"],
  ppt: ["video", "Slides"], pptx: ["video", "Slides"], odp: ["video", "Slides"],
  zip: ["download", "Archive"], epub: ["book", "Book"], json: ["text", "Data"],
  mp3: ["speaker", "Audio"], wav: ["speaker", "Audio"], ogg: ["speaker", "Audio"], m4a: ["speaker", "Audio"],
  mp4: ["video", "Video"], webm: ["video", "Video"], mov: ["video", "Video"],
  png: ["sparkle", "Picture"], jpg: ["sparkle", "Picture"], jpeg: ["sparkle", "Picture"], gif: ["sparkle", "Picture"], webp: ["sparkle", "Picture"], avif: ["sparkle", "Picture"],
};
const PICTURES = new Set(["png", "jpg", "jpeg", "gif", "webp", "avif"]);
const BUCKET = "lesson-attachments";

/** `{id, name, path, size, icon, word, isPicture, isPdf}`; `word` is English, to be translated. */
export function fileOf(row) {
  const ending = /\.([a-z0-9]+)$/i.exec(row.file_name)?.[1].toLowerCase() ?? /\.([a-z0-9]+)$/i.exec(row.file_path)?.[1].toLowerCase();
  const [icon, word] = TYPES[ending] ?? ["download", "File"];
  return { id: row.id, name: row.file_name, path: pathIn(row.file_path), size: row.file_size, icon, word, isPicture: PICTURES.has(ending), isPdf: ending === "pdf" };
}

/** The name in its bucket: rows may name the bucket too. */
function pathIn(filePath) {
  return filePath.startsWith(`${BUCKET}/`) ? filePath.slice(BUCKET.length + 1) : filePath;
}

/** `{files, captions}` of a lesson's rows, by name. Captions are `{id, path, language, label}`. */
export function sorted(rows) {
  const byName = [...(rows ?? [])].sort((left, right) => left.file_name.localeCompare(right.file_name));
  return {
    files: byName.filter((row) => row.kind !== "captions").map(fileOf),
    captions: byName
      .filter((row) => row.kind === "captions")
      .map((row) => ({ id: row.id, path: pathIn(row.file_path), language: row.language, label: row.label || languageName(row.language) })),
  };
}

/** A language by its own name: `Deutsch` for de. */
function languageName(tag) {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}
