/** Numbers of training as marks on a drawing. PURE. */

import { t } from "../../lib/i18n.js";

const DAY_MS = 86_400_000;
export const PERIODS = { 30: () => t("30 days"), 90: () => t("90 days"), 365: () => t("A year"), all: () => t("Always") };

/** What the functions take for a period: `{since}` or nothing. */
export function spanOf(period, nowMs) {
  return period === "all" ? {} : { since: new Date(nowMs - Number(period) * DAY_MS).toISOString() };
}

/** A share as per cent without digits; null of nothing. */
export function percentOf(share) {
  return share.of ? Math.round((share.count / share.of) * 100) : null;
}

/** The bars of a distribution in a box: `[{x, width, height, count, label}]`, the highest as high as the box. */
export function histogram(bars, width, height, gap = 4) {
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  const step = width / Math.max(1, bars.length);
  return bars.map((bar, place) => ({ x: round(place * step + gap / 2), width: round(step - gap), height: round((bar.count / most) * height), count: bar.count, label: barLabel(bar) }));
}

/** `40–49`, `3`, or `6 +` for the last one that has no end. */
export function barLabel({ low, high }) {
  if (high === null) return t("{n} and more", { n: low });
  return high - low <= 1 ? String(low) : `${low}–${Number.isInteger(high) && high < 100 ? high - 1 : high}`;
}

/** Questions as points: `x` is facility, `y` discrimination from -1 to 1, in a box; those without numbers are left out. */
export function itemPoints(items, width, height) {
  return items
    .filter((item) => item.facility !== null && item.discrimination !== null)
    .map((item) => ({ place: item.place, x: round(item.facility * width), y: round(((1 - item.discrimination) / 2) * height), isFlagged: item.flags.length > 0 }));
}

const round = (number) => Math.round(number * 10) / 10;
