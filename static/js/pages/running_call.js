/** The way back into a call whose page was closed: a notice on other pages, and the offer to return. */

import { forgetCall } from "../call/kept_call.js";
import * as learning from "../learning.js";
import { element, html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";

/** Puts a notice first on the page if a call of this person still runs; says nothing if that cannot be known. */
export async function noticeRunningCall(page, { app, signal }) {
  const [call] = await app.api.runningCalls({ signal }).catch(() => []);
  if (!call || signal.aborted || !page?.isConnected) return;
  const notice = element(html`<section class="notice notice--info running-call" aria-label="${t("A call of yours is open")}">
    ${icon("phone")}
    <div><p><strong>${t("You are in a call with {name}: {title}", { name: call.customer_name, title: call.title })}</strong></p>
      <div class="row"><a class="button button--small button--call" href="/calls/${call.call_id}/live">${icon("phone")}${t("Return to your call")}</a>
        <button class="button button--small button--quiet" type="button" data-hang-up>${t("Hang up")}</button></div></div>
  </section>`);
  notice.querySelector("[data-hang-up]").addEventListener("click", async ({ target }) => {
    target.disabled = true;
    try {
      await app.api.hangUp(call.call_id);
      forgetCall();
      notice.remove();
      app.announce(t("The call has ended"));
    } catch (error) {
      target.disabled = false;
      app.announce(error.message, { urgent: true });
    }
  });
  page.prepend(notice);
}

/** What a call screen needs of a call that was begun elsewhere: `{call, brief}`, with a fresh token. */
export async function takenOver(app, running) {
  const [call, simulation] = await Promise.all([
    app.api.takeOver(running.call_id),
    learning.simulationOf(app.api, running.simulation_id).catch(() => null),
  ]);
  return { call, brief: simulation ?? { title: running.title, customer_name: running.customer_name } };
}
