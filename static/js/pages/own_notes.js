/** What the trainee has noted in a call; it is on this device only. */

import { noteOf } from "../call/notes.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";

/** A card, or null where nothing was noted. */
export function ownNotes(callId) {
  const note = noteOf(callId);
  if (!note) return null;
  return html`<section class="card own-notes" aria-labelledby="own-notes-title"><h2 id="own-notes-title">${t("Your notes")}</h2>
    <p class="own-notes__text">${note}</p>
    <p class="fine-print">${t("Only you see them, and only on this device.")}</p></section>`;
}
