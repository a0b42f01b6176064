/** What came of a link in a letter, where there is more to say than the next page shows. */

import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

export function show(main, { app }) {
  const { arrival } = app;
  app.arrival = null;
  if (!arrival?.error && !arrival?.message) return app.router.go("/", { replace: true });
  const [title, text] = arrival.error ? explain(arrival.error) : [t("One more step"), arrival.message];
  document.title = `${title} · CallX`;
  render(
    main,
    html`<section class="blank ${arrival.error && "blank--error"}">
      <span class="blank__symbol">${icon(arrival.error ? "alert" : "info")}</span>
      <h1>${title}</h1>
      <p>${text}</p>
      <div class="row row--center">
        ${arrival.error ? html`<a class="button" href="/forgot-password">${t("Ask for a new link")}</a>` : null}
        <a class="button button--quiet" href="/">${t("Go on")}</a>
      </div>
    </section>`,
  );
}

function explain({ code, text }) {
  if (code === "otp_expired") return [t("This link does not work any more"), t("It was used already, or it is too old. Each link is good once.")];
  return [t("This link did not work"), text || t("Something unexpected happened.")];
}
