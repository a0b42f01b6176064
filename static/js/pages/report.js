/** A call after it ended: first what is being done with it, then its report card. */

import { keptCall } from "../call/kept_call.js";
import * as learning from "../learning.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { pollUntil } from "../polling.js";
import { tellProgress } from "../progress_news.js";
import { viewerOf } from "../replay/viewer.js";
import { drawProcessing, processingState } from "./processing.js";
import { showReportCard, showTranscriptOnly } from "./report_card.js";

export async function show(main, { app, params, signal }) {
  const callId = params.id;
  document.title = `${t("Call")} · CallX`;
  const [call, evaluation] = await Promise.all([
    app.api.call(callId, "", { signal }),
    app.api.call(callId, "evaluation", { signal }),
  ]);
  if (call.state !== "ended" && (keptCall(callId) || (await isMine(app, callId, signal)))) {
    return app.router.go(`/calls/${callId}/live`, { replace: true });
  }
  const [simulation, viewer, me] = await Promise.all([
    learning.simulationOf(app.api, call.simulation_id, { signal }).catch(() => null),
    viewerOf(app, callId, { signal }),
    app.me.get(),
  ]);
  if (!viewer.isOwn) document.querySelector("app-shell").belongTo("/team");
  const context = { app, call, simulation, viewer, me, signal };
  if (evaluation.state === "done") return showReportCard(main, { ...context, report: evaluation.report, request: evaluation.review_request });
  let leave = () => {};
  follow(main, context, (next) => {
    leave = next;
  });
  return () => leave();
}

/** A manager looks at the running call of somebody else; its trainee is led back into it. */
async function isMine(app, callId, signal) {
  const calls = await app.api.runningCalls({ signal }).catch(() => []);
  return calls.some((call) => call.call_id === callId);
}

/** Polls and draws until the report is there; `replaced(leave)` when another view took the page over. */
async function follow(main, { app, call, simulation, viewer, me, signal }, replaced) {
  const callId = call.call_id;
  let drawn = null;
  let transcriptShown = false;
  const ask = async () => {
    const [fresh, evaluation, recording] = await Promise.all([
      app.api.call(callId, "", { signal }),
      app.api.call(callId, "evaluation", { signal }),
      learning.recordingState(app.api, callId, { signal }).catch(() => null),
    ]);
    if (signal.aborted) return true;
    const context = { app, call: fresh, simulation, viewer, me, signal };
    if (evaluation.state === "done") {
      app.announce(t("The report card is ready"));
      if (evaluation.report.passed) tellProgress();
      replaced(await showReportCard(main, { ...context, report: evaluation.report, request: evaluation.review_request }));
      return true;
    }
    const state = processingState({ call: fresh, evaluation, recording });
    const picture = JSON.stringify(state);
    if (picture !== drawn && !transcriptShown) drawProcessing(main, state, context);
    drawn = picture;
    if (["failed", "not_assessable"].includes(state.outcome) && !transcriptShown) {
      transcriptShown = true;
      replaced(await showTranscriptOnly(main, context));
    }
    return evaluation.state === "not_assessable";
  };
  const onError = () => {
    const line = main.querySelector("[data-network]");
    if (line) render(line, html`${t("The server does not answer at the moment. The call is safe; we keep asking.")}`);
  };
  await pollUntil(ask, { signal, onError }).catch((error) => app.announce(error.message, { urgent: true }));
}
