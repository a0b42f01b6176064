/** The mark that stands beside the name. */

import { html } from "../lib/html.js";

export function brandMark() {
  return html`<svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect class="brand-mark__ground" width="32" height="32" rx="9" />
    <path class="brand-mark__wave" d="M9 13v6M13.5 9.5v13M18.5 12v8M23 14.5v3" />
    <circle class="brand-mark__dot" cx="23" cy="9.5" r="2.4" />
  </svg>`;
}
