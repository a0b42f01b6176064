/** What one is told, here and by letter. Each change is saved at once. */

import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { iconOf, isWanted, KINDS, kindsFor } from "../notifications_model.js";
import { breadcrumb } from "./parts.js";

const CHANNELS = ["in_app", "email"];

export async function show(main, { app, signal }) {
  document.title = `${t("What you are told")} · CallX`;
  const [loaded, me] = await Promise.all([
    app.api.rows("notification_preferences", { select: "kind,channel,enabled" }, { signal }),
    app.me.get(),
  ]);
  let rows = loaded;
  const kinds = kindsFor(me.roles);
  render(main, page(kinds, me.email));
  reflect();
  main.addEventListener("change", (event) => event.target.dataset.channel && change(event.target), { signal });

  async function change({ dataset: { kind, channel }, checked }) {
    const before = rows;
    const row = { kind, channel, enabled: checked };
    const kept = kind === "all" ? rows.filter((other) => other.channel !== channel) : rows.filter((other) => other.channel !== channel || other.kind !== kind);
    rows = [...kept, row];
    reflect();
    say(t("Saving…"));
    try {
      if (kind === "all") await app.api.remove("notification_preferences", { channel: `eq.${channel}`, kind: "neq.all" });
      await app.api.upsert("notification_preferences", { user_id: me.id, ...row }, "user_id,kind,channel");
      say(t("Saved"));
    } catch (error) {
      rows = before;
      reflect();
      say(t("Not saved: {reason}", { reason: error.message }));
    }
  }

  function say(text) {
    main.querySelector("[data-note]").textContent = text;
  }

  function reflect() {
    for (const channel of CHANNELS) {
      const wanted = kinds.map((kind) => isWanted(rows, kind, channel));
      kinds.forEach((kind, place) => {
        box(kind, channel).checked = wanted[place];
      });
      box("all", channel).checked = wanted.every(Boolean);
      box("all", channel).indeterminate = wanted.some(Boolean) && !wanted.every(Boolean);
    }
  }

  function box(kind, channel) {
    return main.querySelector(`[data-kind="${kind}"][data-channel="${channel}"]`);
  }
}

function page(kinds, email) {
  return html`<div class="page page--narrow">
    ${breadcrumb([{ href: "/notifications", text: t("Notifications") }, { text: t("What you are told") }])}
    <header class="page-head"><h1>${t("What you are told")}</h1>
      <p class="lead">${t("Letters go to {email}. Those about your account itself always come.", { email })}</p></header>
    <section class="card">
      <table class="prefs">
        <thead><tr><th scope="col">${t("About")}</th><th scope="col">${t("Here")}</th><th scope="col">${t("By e-mail")}</th></tr></thead>
        <tbody>
          ${choice("all", t("Everything"), "bell")}
          ${kinds.map((kind) => choice(kind, KINDS[kind].word(), iconOf(kind)))}
        </tbody>
      </table>
      <p class="fine-print">${t("Until you choose, reports come by e-mail only after exams and when scoring took more than ten minutes. For one after every call, untick “{kind}” and tick it again.", { kind: KINDS.report_ready.word() })}</p>
      <p class="fine-print" role="status" data-note></p>
    </section>
    <p class="fine-print">${t("The language of letters and your time zone are in")} <a href="/profile">${t("your profile")}</a>.</p>
  </div>`;
}

function choice(kind, word, symbol) {
  const cell = (channel, where) => html`<td><label class="prefs__box"><input type="checkbox" data-kind="${kind}" data-channel="${channel}"><span class="visually-hidden">${word}, ${where}</span></label></td>`;
  return html`<tr class="${kind === "all" ? "prefs__all" : ""}"><th scope="row"><span class="prefs__kind">${icon(symbol)}${word}</span></th>${cell("in_app", t("here"))}${cell("email", t("by e-mail"))}</tr>`;
}
