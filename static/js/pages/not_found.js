import { render } from "../lib/html.js";
import { errorPanel, missing } from "./states.js";

export function show(main) {
  document.title = "Not found · CallX";
  render(main, errorPanel(missing()));
  main.querySelector("[data-retry]").remove();
}
