import { render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { errorPanel, missing } from "./states.js";

export function show(main) {
  document.title = `${t("Not found")} · CallX`;
  render(main, errorPanel(missing()));
  main.querySelector("[data-retry]").remove();
}
