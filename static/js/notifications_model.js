/** What people are told: how it looks and how many are new. PURE. */

import { t } from "./lib/i18n.js";

/** The server knows no more of them than these (docs/notifications.md). */
export const KINDS = {
  welcome: { icon: "sparkle", word: () => t("Welcome") },
  assigned: { icon: "book", word: () => t("New courses") },
  due_soon: { icon: "clock", word: () => t("Reminders before a due date") },
  overdue: { icon: "alert", word: () => t("Overdue courses") },
  unlocked: { icon: "lock", word: () => t("Modules that open") },
  report_ready: { icon: "target", word: () => t("Reports on calls") },
  comment: { icon: "chat", word: () => t("Comments on calls") },
  review_requested: { icon: "flag", word: () => t("Calls to look at") },
  review_result: { icon: "flag", word: () => t("Results of reviews") },
  certified: { icon: "medal", word: () => t("Certificates") },
  expiring: { icon: "clock", word: () => t("Certificates that expire soon") },
  expired: { icon: "alert", word: () => t("Certificates that have expired") },
  weekly_digest: { icon: "people", word: () => t("The team’s week") },
  monthly_digest: { icon: "people", word: () => t("The team’s month") },
};
const OF_TEAMS = new Set(["review_requested", "weekly_digest", "monthly_digest"]);
export const MOST_COUNTED = 99;

export function iconOf(kind) {
  return KINDS[kind]?.icon ?? "bell";
}

/** What stands on the bell: nothing, a number, or `99+`. */
export function badge(count) {
  if (!count) return "";
  return count > MOST_COUNTED ? `${MOST_COUNTED}+` : String(count);
}

/** `[{title, items}]` by the day: new today, and the rest; empty groups are left out. `daysAgo(item)` counts midnights. */
export function byDay(items, daysAgo) {
  const groups = [
    { title: t("Today"), items: items.filter((item) => daysAgo(item) <= 0) },
    { title: t("Yesterday"), items: items.filter((item) => daysAgo(item) === 1) },
    { title: t("Earlier"), items: items.filter((item) => daysAgo(item) > 1) },
  ];
  return groups.filter((group) => group.items.length);
}

/**
 * What is wanted of a kind by way of `channel`, from the rows of notification_preferences: the row of the kind, else that
 * of `all`, else everything.
 */
export function isWanted(rows, kind, channel) {
  const of = (name) => rows.find((row) => row.kind === name && row.channel === channel);
  return (of(kind) ?? of("all"))?.enabled ?? true;
}

/** The kinds that somebody with these roles is ever told of. */
export function kindsFor(roles) {
  const leads = roles.includes("manager") || roles.includes("admin");
  return Object.keys(KINDS).filter((kind) => leads || !OF_TEAMS.has(kind));
}
