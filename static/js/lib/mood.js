import { t } from "./i18n.js";

/** A mood of 0 (furious) to 100 (delighted) in a word. PURE. */

export function moodWord(mood) {
  if (mood < 20) return t("furious");
  if (mood < 40) return t("annoyed");
  if (mood < 60) return t("calm");
  return mood < 80 ? t("content") : t("delighted");
}
