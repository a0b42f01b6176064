/** What is attached to a lesson: name, type and size; pictures are shown, everything else is downloaded. */

import { announce } from "../announce.js";
import { fileSize } from "../lib/format.js";
import { html, render } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { icon } from "../lib/icons.js";
import { isGone } from "../watching_model.js";

const BUCKET = "lesson-attachments";
const LINK_LIFETIME_S = 300;

export function attachmentsPanel(files) {
  if (!files.length) return null;
  return html`<section class="attachments" aria-labelledby="attachments-title">
    <h2 id="attachments-title">${t("Attachments")}</h2>
    <ul class="attachments__list">${files.map(fileRow)}</ul>
    <p class="form-error" role="alert" data-attachment-error hidden></p>
  </section>`;
}

function fileRow(file) {
  const about = [WORDS[file.word]?.() ?? file.word, file.size ? fileSize(file.size) : null].filter(Boolean).join(" · ");
  return html`<li class="attachment" id="attachment-${file.id}">
    ${file.isPicture ? html`<button class="attachment__picture" type="button" data-picture="${file.id}" aria-label="${t("Open {name}", { name: file.name })}"></button>` : html`<span class="attachment__symbol">${icon(file.icon)}</span>`}
    <span class="attachment__name"><strong>${file.name}</strong><small>${about}</small></span>
    ${file.isPdf ? html`<button class="button button--small button--ghost" type="button" data-open="${file.id}">${t("Open")}<span class="visually-hidden"> ${file.name}</span></button>` : null}
    <button class="button button--small button--quiet" type="button" data-download="${file.id}">${icon("download")}${t("Download")}<span class="visually-hidden"> ${file.name}</span></button>
  </li>`;
}

const WORDS = {
  Text: () => t("Text"), Spreadsheet: () => t("Spreadsheet"), Slides: () => t("Slides"), Archive: () => t("Archive"), Book: () => t("Book"),
  Data: () => t("Data"), Audio: () => t("Audio"), Video: () => t("Video"), Picture: () => t("Picture"), File: () => t("File"),
};

/** Makes the buttons of a drawn panel work. Links are made when they are used: they run out after five minutes. */
export function followAttachments(root, files, app) {
  const panel = root.querySelector(".attachments");
  if (!panel) return;
  const link = (file, download) => app.api.signedLink(BUCKET, file.path, LINK_LIFETIME_S, download ? file.name : null);
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-download], [data-open], [data-picture]");
    const file = button && files.find(({ id }) => id === (button.dataset.download ?? button.dataset.open ?? button.dataset.picture));
    if (file) handOut(panel, file, { button, link, inTab: !("download" in button.dataset) });
  });
  for (const picture of panel.querySelectorAll("[data-picture]")) showPicture(picture, files, link);
}

async function showPicture(button, files, link) {
  const file = files.find(({ id }) => id === button.dataset.picture);
  try {
    const address = await link(file, false);
    render(button, html`<img src="${address}" alt="" loading="lazy">`);
  } catch {
    render(button, html`${icon("alert")}`);
  }
}

async function handOut(panel, file, { button, link, inTab }) {
  const note = panel.querySelector("[data-attachment-error]");
  note.hidden = true;
  // Before anything is waited for, else the browser takes it for a pop-up that nobody asked for.
  const tab = inTab ? window.open("about:blank", "_blank") : null;
  button.disabled = true;
  try {
    const address = await link(file, !inTab);
    if (tab) {
      tab.opener = null;
      tab.location.replace(address);
    } else {
      const anchor = Object.assign(document.createElement("a"), { href: address, download: file.name });
      anchor.click();
      announce(t("Downloading {name}", { name: file.name }));
    }
  } catch (error) {
    tab?.close();
    note.hidden = false;
    note.textContent = isGone(error) ? t("{name} is not there any more.", { name: file.name }) : t("{name} could not be had. {reason}", { name: file.name, reason: error.message });
  } finally {
    button.disabled = false;
  }
}

