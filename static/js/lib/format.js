/** Numbers and times as people read them. PURE. */

export function clock(ms) {
  const seconds = Math.max(0, Math.floor((ms ?? 0) / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = `${String(Math.floor((seconds % 3600) / 60)).padStart(hours ? 2 : 1, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** `4 min 12 s`, for text that is read aloud. */
export function duration(ms) {
  const seconds = Math.max(0, Math.round((ms ?? 0) / 1000));
  const minutes = Math.floor(seconds / 60);
  if (!minutes) return `${seconds} s`;
  return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
}

export function dateTime(iso, locale) {
  if (!iso) return "";
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

const UNITS = { percent: " %", wpm: " words/min", ms: " s", per_minute: " per min", count: "" };

/** A measure of the report, value and unit; milliseconds are shown as seconds with one digit. */
export function measure(value, unit) {
  if (value === null || value === undefined) return "–";
  const number = unit === "ms" ? (value / 1000).toFixed(1) : String(Math.round(value * 10) / 10);
  return number + (UNITS[unit] ?? "");
}

export function plural(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

export function initials(name) {
  const words = String(name ?? "").trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "?";
}
