/** Numbers and times as people read them. PURE, but for the time zone and the language that were chosen. */

import { t, tn } from "./i18n.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let chosen = { locale: undefined, timeZone: undefined };

/** The language and the zone of everything below, from then on; undefined is the browser's. */
export function readAs({ locale, timeZone } = {}) {
  chosen = { locale, timeZone };
}

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
  if (!minutes) return t("{s} s", { s: seconds });
  return seconds % 60 ? t("{m} min {s} s", { m: minutes, s: seconds % 60 }) : t("{m} min", { m: minutes });
}

export function dateTime(iso, locale = chosen.locale) {
  if (!iso) return "";
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: chosen.timeZone }).format(new Date(iso));
}

/** The day alone: `12 Dec 2026`. */
export function day(iso) {
  if (!iso) return "";
  return new Intl.DateTimeFormat(chosen.locale, { dateStyle: "medium", timeZone: chosen.timeZone }).format(new Date(iso));
}

/** How long ago: `5 minutes ago`, `yesterday`; after a month the day. */
export function ago(iso, nowMs) {
  if (!iso) return "";
  const past = nowMs - Date.parse(iso);
  if (past < MINUTE_MS) return t("just now");
  if (past > 30 * DAY_MS) return day(iso);
  const [count, unit] =
    past < HOUR_MS ? [past / MINUTE_MS, "minute"] : past < DAY_MS ? [past / HOUR_MS, "hour"] : [daysBetween(Date.parse(iso), nowMs), "day"];
  return new Intl.RelativeTimeFormat(chosen.locale, { numeric: "auto" }).format(-Math.max(1, Math.floor(count)), unit);
}

/** How many midnights of the chosen zone lie between two times; negative when `toMs` is earlier. */
export function daysBetween(fromMs, toMs) {
  return Math.round((startOfDay(toMs) - startOfDay(fromMs)) / DAY_MS);
}

function startOfDay(ms) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: chosen.timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return Date.parse(`${parts.format(new Date(ms))}T00:00:00Z`);
}

/** What a due date means now: `{text, tone}`, tone `bad`, `warn` or `none`. */
export function due(iso, nowMs) {
  const days = daysBetween(nowMs, Date.parse(iso));
  if (Date.parse(iso) < nowMs) return { text: t("Overdue"), tone: "bad" };
  if (days === 0) return { text: t("Due today"), tone: "warn" };
  if (days === 1) return { text: t("Due tomorrow"), tone: "warn" };
  return { text: tn("Due in {n} day", "Due in {n} days", days), tone: days <= 3 ? "warn" : "none" };
}

export function number(value, digits = 0, always = 0) {
  return new Intl.NumberFormat(chosen.locale, { maximumFractionDigits: digits, minimumFractionDigits: always }).format(value);
}

/** A change with its sign, `+5`, `−3`, `±0`. */
export function signed(value) {
  if (value === 0) return "±0";
  return value > 0 ? `+${number(value)}` : `−${number(-value)}`;
}

/** `3.4 kB` */
export function fileSize(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${number(bytes / 1000, 0)} kB` : `${number(bytes / 1_000_000, 1)} MB`;
}

const UNITS = {
  percent: (n) => t("{n} %", { n }),
  wpm: (n) => t("{n} words/min", { n }),
  ms: (n) => t("{n} s", { n }),
  per_minute: (n) => t("{n} per min", { n }),
};

/** A measure of the report, value and unit; milliseconds are shown as seconds with one digit. */
export function measure(value, unit) {
  if (value === null || value === undefined) return "–";
  const text = unit === "ms" ? number(value / 1000, 1, 1) : number(value, 1);
  return UNITS[unit]?.(text) ?? text;
}

export function plural(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

export function initials(name) {
  const words = String(name ?? "").trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "?";
}
