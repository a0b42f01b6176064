/** The page of a live call: joins the telephone on the screen to the call. */

import { endText, leadsToReport } from "../call/call_state.js";
import { forgetCall, keepCall, keptCall } from "../call/kept_call.js";
import { LiveCall } from "../call/live_call.js";
import { microphones, openAudioContext, openMicrophone } from "../call/microphone.js";
import { problemOf, PROBLEMS } from "../call/microphone_problems.js";
import "../elements/call_panel.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { takenOver } from "./running_call.js";

const TO_REPORT_AFTER_MS = 2_500;

export async function show(main, { app, params, signal }) {
  const { handover } = app;
  app.handover = null;
  document.title = `${t("Live call")} · CallX`;
  if (handover?.call.call_id === params.id) return runCall(main, app, handover);
  const kept = keptCall(params.id);
  if (kept) return offerReturn(main, app, { id: params.id, brief: kept.brief, resume: async () => kept });
  const running = (await app.api.runningCalls({ signal })).find((call) => call.call_id === params.id);
  if (!running) return app.router.go(`/calls/${params.id}`, { replace: true });
  return offerReturn(main, app, { id: params.id, brief: running, resume: () => takenOver(app, running) });
}

/** After a reload, or in another tab: only a click may open the microphone and play sound. `resume()` gives the call. */
function offerReturn(main, app, { id, brief, resume }) {
  let leave = () => {};
  render(
    main,
    html`<section class="blank">
      <span class="blank__symbol">${icon("phone")}</span>
      <h1>${t("Your call is still open")}</h1>
      <p>${t("{name} waits for about a minute. If the call is open in another tab, it goes on here.", { name: brief.customer_name ?? t("The customer") })}</p>
      <div class="row row--center">
        <button class="button button--large button--call" type="button" data-return>${icon("phone")}${t("Return to the call")}</button>
        <button class="button button--quiet button--large" type="button" data-end>${t("End the call")}</button>
      </div>
    </section>`,
  );
  const toCall = () => app.router.go(`/calls/${id}`, { replace: true });
  main.querySelector("[data-return]").addEventListener("click", async () => {
    const context = openAudioContext();
    try {
      const [kept, stream] = await Promise.all([resume(), openMicrophone().catch(() => null)]);
      const capturedMs = kept.readyAt ? Math.max(0, Date.now() - kept.readyAt) : 0;
      leave = runCall(main, app, { ...kept, context, stream, capturedMs });
    } catch (error) {
      context.close();
      app.announce(error.message, { urgent: true });
      if (error.status === 409 || error.status === 404) toCall();
    }
  });
  main.querySelector("[data-end]").addEventListener("click", async () => {
    await app.api.hangUp(id).catch(() => {});
    forgetCall();
    toCall();
  });
  return () => leave();
}

function runCall(main, app, { call, brief, context, stream, capturedMs = 0, readyAt = null }) {
  document.body.classList.add("immersive");
  const panel = document.createElement("call-panel");
  panel.className = "call";
  main.replaceChildren(panel);
  panel.setUp({ brief, call, traineeName: app.login.user?.user_metadata?.full_name || app.login.user?.email || t("You") });
  const screen = { said: null, over: false, toReport: null, microphoneLost: false, idle: false };
  const live = new LiveCall({
    call,
    context,
    stream,
    capturedMs,
    onChange: (state, view) => changed(state, view),
    onLevel: (who, level) => panel.level(who, level),
  });

  function changed(state, view) {
    panel.update(state, view);
    if (state.liveAt !== null && readyAt === null) {
      readyAt = Date.now();
      keepCall({ call, brief, readyAt });
    }
    if (state.microphoneLost && !screen.microphoneLost) app.announce(t("Microphone lost"), { urgent: true });
    screen.microphoneLost = state.microphoneLost;
    if (screen.said !== view.status) say(view, screen.said, app);
    screen.said = view.status;
    if (view.idleLeftMs !== null && !screen.idle) app.announce(t("Are you still there?"), { urgent: true });
    screen.idle = view.idleLeftMs !== null;
    if ((view.status === "ended" || view.status === "failed") && !screen.over) over(state);
  }

  function over(state) {
    screen.over = true;
    app.router.guard(null);
    window.removeEventListener("beforeunload", keepOpen);
    if (state.phase === "ended" || ["call_over", "call_taken", "call_token_invalid"].includes(state.error?.code)) forgetCall();
    showEnd(panel, state, call, brief);
    if (state.phase !== "ended" || !leadsToReport(state.endReason)) return;
    screen.toReport = setTimeout(() => app.router.go(`/calls/${call.call_id}`, { replace: true }), TO_REPORT_AFTER_MS);
  }

  const stopWatching = watchMicrophones(panel, live, app);
  panel.addEventListener("hold", () => live.hold(live.state.phase !== "held"));
  panel.addEventListener("key", (event) => live.pressKey(event.detail));
  panel.addEventListener("push", () => live.pushToTalk(!live.state.talk.on));
  panel.addEventListener("talk", (event) => live.talk(event.detail));
  panel.addEventListener("mute", () => live.mute(!live.state.muted));
  panel.addEventListener("typed", (event) => live.type(event.detail) || event.preventDefault());
  panel.addEventListener("hangup", () => live.hangUp() || app.api.hangUp(call.call_id).catch(() => {}));
  window.addEventListener("beforeunload", keepOpen);
  app.router.guard(() => (screen.over ? null : t("You are in a call. Leave the customer waiting?")));
  live.start().catch((error) => app.announce(t("The sound could not be started. {why}", { why: error.message }), { urgent: true }));

  return () => {
    clearTimeout(screen.toReport);
    stopWatching();
    window.removeEventListener("beforeunload", keepOpen);
    live.leave();
  };
}

/** While there is no microphone: which ones there are, and the one that is wanted, or that was just plugged in. */
function watchMicrophones(panel, live, app) {
  const use = async (deviceId) => {
    try {
      await live.useMicrophone(await openMicrophone(deviceId));
      app.announce(t("Microphone on"));
    } catch (error) {
      live.microphoneFailed(PROBLEMS[problemOf(error)].title);
    }
  };
  const changed = async () => {
    const devices = await microphones();
    panel.offer(devices);
    if (live.state.microphoneLost && devices.length) use(null);
  };
  changed();
  panel.addEventListener("microphone", (event) => use(event.detail));
  navigator.mediaDevices?.addEventListener?.("devicechange", changed);
  return () => navigator.mediaDevices?.removeEventListener?.("devicechange", changed);
}

function keepOpen(event) {
  event.preventDefault();
}

/** The others change too often to be read aloud. */
const SPOKEN = {
  ringing: () => t("Ringing"),
  muted: () => t("Microphone off"),
  held: () => t("On hold"),
  reconnecting: () => t("Connection lost"),
  redialling: () => t("The line dropped on our side"),
  ending: () => t("Ending"),
  ended: () => t("Call ended"),
  failed: () => t("Call failed"),
};

function say(view, before, app) {
  const text = before === "held" && view.status !== "ended" ? (SPOKEN[view.status]?.() ?? t("Off hold")) : SPOKEN[view.status]?.();
  if (text) app.announce(text, { urgent: view.status === "reconnecting" || view.status === "failed" });
}

const FAILURES = { call_taken: () => t("This call is open elsewhere"), call_over: () => t("This call is over") };

function showEnd(panel, state, call, brief) {
  const reported = state.phase === "ended" && leadsToReport(state.endReason);
  const title = state.phase === "ended" ? endText(state.endReason, state.customerName) : (FAILURES[state.error?.code]?.() ?? t("The call could not go on"));
  const dialog = document.createElement("div");
  dialog.className = "call-end";
  render(
    dialog,
    html`<section class="card" role="alertdialog" aria-labelledby="end-title" aria-describedby="end-text">
      <h2 id="end-title">${title}</h2>
      <p id="end-text">${reported ? t("Your report card is on its way.") : (state.error?.message ?? t("This attempt does not count."))}</p>
      <div class="row row--center">
        ${state.error?.code === "call_taken" ? html`<a class="button button--large" href="/calls/${call.call_id}/live">${t("Go on with it here")}</a>` : reported || state.error?.code === "call_over" ? html`<a class="button button--large" href="/calls/${call.call_id}">${t("To the report card")}${icon("arrow")}</a>` : html`<a class="button button--large" href="${brief.lesson_id ? `/lessons/${brief.lesson_id}` : "/"}">${t("Back to the brief")}</a>`}
      </div>
    </section>`,
  );
  panel.append(dialog);
  dialog.querySelector("a").focus();
}
