/** After a request that ends in a letter; it says nothing about whether the address is known. */

import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

export function drawLetterSent(main, { email, text }) {
  document.title = `${t("Look into your mail")} · CallX`;
  render(
    main,
    html`<section class="blank">
      <span class="blank__symbol">${icon("send")}</span>
      <h1 tabindex="-1">${t("Look into your mail")}</h1>
      <p>${t("We have written to")} <strong>${email}</strong>. ${text}</p>
      <p class="fine-print">${t("Nothing there after a few minutes? Look into the spam folder, and check the address.")}</p>
      <a class="button button--quiet" href="/sign-in">${t("To sign in")}</a>
    </section>`,
  );
  main.querySelector("h1").focus();
}
