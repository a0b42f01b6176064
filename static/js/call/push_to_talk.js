/**
 * The talk button: held down it talks, a short tap keeps it talking until the next press, so that nobody has to hold
 * anything. PURE: each function gives the next button; times are milliseconds of the page's monotonic clock.
 */

export const TAP_MS = 300;

/** `on`: talking needs the button at all. `talking`: the microphone is heard. `kept`: it stays so without a finger. */
export const AT_REST = { on: false, talking: false, kept: false, downAt: null };

export function switched(on) {
  return { ...AT_REST, on };
}

export function pressed(button, nowMs) {
  if (!button.on || button.downAt !== null) return button;
  return button.kept ? switched(true) : { on: true, talking: true, kept: false, downAt: nowMs };
}

export function released(button, nowMs) {
  if (button.downAt === null) return button;
  const tapped = nowMs - button.downAt < TAP_MS;
  return tapped ? { ...button, kept: true, downAt: null } : switched(true);
}

/** Without a way to hold it: Enter, a switch device, a screen reader. */
export function toggled(button) {
  if (!button.on) return button;
  return button.talking ? switched(true) : { on: true, talking: true, kept: true, downAt: null };
}

/** The release will not be seen, because the window went out of sight; who kept it on by a tap goes on talking. */
export function letGo(button) {
  return button.downAt === null ? button : switched(true);
}
