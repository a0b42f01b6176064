/** Asking again until something is so: soon at first, then ever less often. Timers are an argument. PURE but for them. */

export const FIRST_WAIT_MS = 800;
export const LONGEST_WAIT_MS = 10_000;
const GROWTH = 1.4;

/** Milliseconds to wait before question number `attempt`, from 0 up. */
export function waitBefore(attempt) {
  return Math.min(LONGEST_WAIT_MS, Math.round(FIRST_WAIT_MS * GROWTH ** attempt));
}

/**
 * Calls `ask()` until it returns true or `signal` aborts. A failed question counts as "not yet": the network comes back.
 * `pause(ms)` resolves after so long.
 */
export async function pollUntil(ask, { signal, pause = sleep, onError = () => {} }) {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      if (await ask()) return;
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 401 || error.status === 404) throw error;
      onError(error);
    }
    await pause(waitBefore(attempt));
  }
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
