/** What came of a link in a letter, where there is more to say than the next page shows. */

import { html, render } from "../lib/html.js";
import { icon } from "../lib/icons.js";

export function show(main, { app }) {
  const { arrival } = app;
  app.arrival = null;
  if (!arrival?.error && !arrival?.message) return app.router.go("/", { replace: true });
  const [title, text] = arrival.error ? explain(arrival.error) : ["One more step", arrival.message];
  document.title = `${title} · CallX`;
  render(
    main,
    html`<section class="blank ${arrival.error && "blank--error"}">
      <span class="blank__symbol">${icon(arrival.error ? "alert" : "info")}</span>
      <h1>${title}</h1>
      <p>${text}</p>
      <div class="row row--center">
        ${arrival.error ? html`<a class="button" href="/forgot-password">Ask for a new link</a>` : null}
        <a class="button button--quiet" href="/">Go on</a>
      </div>
    </section>`,
  );
}

function explain({ code, text }) {
  if (code === "otp_expired") return ["This link does not work any more", "It was used already, or it is too old. Each link is good once."];
  return ["This link did not work", text || "Something unexpected happened."];
}
