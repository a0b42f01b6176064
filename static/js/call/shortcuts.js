/** Which key does what on the telephone. PURE. */

const KEYS = { m: "mute", h: "hold", k: "keypad", p: "push", n: "notes", c: "captions", e: "hangup" };
const DIGIT = /^[0-9*#]$/;

/**
 * `{do: name}`, `{digit}`, `{talk: true}`, `{close: true}` or null for a keydown. `inside`: the focus is on the
 * telephone; anywhere else keys need Alt+Shift. `writes`: in a field. `presses`: on a button that Space would press.
 * `tray` is what is open, `pushes` whether talking needs the talk button.
 */
export function shortcutOf({ key, altKey, shiftKey, ctrlKey, metaKey }, { inside, writes, presses, tray, pushes }) {
  const anywhere = altKey && shiftKey;
  if (!anywhere && (altKey || ctrlKey || metaKey || !inside)) return null;
  if (key === "Escape") return tray ? { close: true } : null;
  if (writes) return null;
  if (key === " ") return pushes && (anywhere || !presses) ? { talk: true } : null;
  if (DIGIT.test(key)) return tray === "keypad" && inside ? { digit: key } : null;
  const name = KEYS[key.toLowerCase()];
  return name ? { do: name } : null;
}
