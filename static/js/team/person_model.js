/** What a person did, put together for their page. PURE. */

const SPARK_WIDTH = 120;
const SPARK_HEIGHT = 32;

/** Attempts by simulation, those tried last first: `[{simulation_id, title, product_title, attempts, first, latest, best}]`. */
export function bySimulation(attempts) {
  const groups = new Map();
  for (const attempt of attempts) {
    const group = groups.get(attempt.simulation_id) ?? { simulation_id: attempt.simulation_id, title: attempt.title, product_title: attempt.product_title, attempts: [] };
    group.attempts.push(attempt);
    groups.set(attempt.simulation_id, group);
  }
  return [...groups.values()].map((group) => {
    const scores = group.attempts.map((attempt) => attempt.overall_score);
    return { ...group, first: scores.at(-1), latest: scores[0], best: Math.max(...scores) };
  });
}

/** Scores, oldest first, as a line in a box of 120 × 32: `{points, last: [x, y]}`; null for fewer than two. */
export function sparkline(scores, width = SPARK_WIDTH, height = SPARK_HEIGHT) {
  if (scores.length < 2) return null;
  const inset = 3;
  const places = scores.map((score, index) => [
    round(inset + (index / (scores.length - 1)) * (width - 2 * inset)),
    round(inset + (1 - score / 100) * (height - 2 * inset)),
  ]);
  return { points: places.map(([x, y]) => `${x},${y}`).join(" "), last: places.at(-1), width, height };
}

function round(value) {
  return Math.round(value * 10) / 10;
}

/** After a click on `id`: at most five may be compared, and only of one simulation; choosing another one starts anew. */
export function toggled(picked, attempt, most = 5) {
  if (picked.some((one) => one.id === attempt.id)) return picked.filter((one) => one.id !== attempt.id);
  const same = picked.filter((one) => one.simulation_id === attempt.simulation_id);
  return [...same, attempt].slice(-most);
}

/** What a person may have more of at quizzes, as a sentence's parts: `{extraAttempts, percentMore, isUntimed}`. */
export function allowanceOf({ extra_attempts, time_factor, is_untimed }) {
  return { extraAttempts: extra_attempts, percentMore: Math.round((Number(time_factor) - 1) * 100), isUntimed: is_untimed };
}
