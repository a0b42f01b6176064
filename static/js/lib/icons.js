/** Inline SVG icons on a 24 px grid, drawn with one stroke; they say nothing to a screen reader. */

import { trusted } from "./html.js";
import { t } from "./i18n.js";

const PATHS = {
  globe: '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.5 2.3 3.7 5.1 3.7 8.5s-1.2 6.2-3.7 8.5c-2.5-2.3-3.7-5.1-3.7-8.5S9.5 5.8 12 3.5Z"/>',
  phone: '<path d="M6.5 3.5h3l1.5 4.5-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4.5 1.5v3a2 2 0 0 1-2.2 2A17 17 0 0 1 4.5 5.7a2 2 0 0 1 2-2.2Z"/>',
  hangup: '<path d="M3 14.5c0-1 .3-2 1.2-2.7C6.3 10 9 9 12 9s5.7 1 7.8 2.8c.9.7 1.2 1.7 1.2 2.7v1.2c0 .7-.6 1.2-1.3 1.1l-3.3-.6a1.3 1.3 0 0 1-1.1-1.3v-1.6a11 11 0 0 0-6.6 0v1.6c0 .6-.5 1.2-1.1 1.3l-3.3.6c-.7.1-1.3-.4-1.3-1.1Z"/>',
  mic: '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>',
  micOff: '<path d="M9 9v2a3 3 0 0 0 4.8 2.4M15 11V6a3 3 0 0 0-5.7-1.3M5.5 11.5a6.5 6.5 0 0 0 10.3 5.3M18.5 11.5c0 .9-.2 1.7-.5 2.5M12 18v3M4 4l16 16"/>',
  captions: '<rect x="3" y="5" width="18" height="14" rx="3"/><path d="M10 10.3a2 2 0 1 0 0 3.4M17 10.3a2 2 0 1 0 0 3.4"/>',
  keyboard: '<rect x="3" y="6" width="18" height="12" rx="2.5"/><path d="M7 10h.01M11 10h.01M15 10h.01M7.5 14h9"/>',
  text: '<path d="M5 6h14M5 10.5h14M5 15h9"/>',
  video: '<rect x="3" y="5" width="18" height="14" rx="3"/><path d="m10.5 9 4.5 3-4.5 3Z"/>',
  quiz: '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.3c-.7.3-1.1.9-1.1 1.7M12 16.7h.01"/>',
  check: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  cross: '<path d="m6.5 6.5 11 11M17.5 6.5l-11 11"/>',
  minus: '<path d="M6 12h12"/>',
  half: '<path d="M6 12h4M14 12h4"/>',
  play: '<path d="m8 5.5 10.5 6.5L8 18.5Z" fill="currentColor"/>',
  pause: '<path d="M8.5 5.5v13M15.5 5.5v13"/>',
  speaker: '<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11"/>',
  book: '<path d="M12 6.5C10.5 5 8 4.5 4 4.5v13.5c4 0 6.5.5 8 2 1.5-1.5 4-2 8-2V4.5c-4 0-6.5.5-8 2Zm0 0V20"/>',
  history: '<path d="M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5M12 8v4.5l3 1.8"/>',
  sun: '<circle cx="12" cy="12" r="4"/><path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1"/>',
  moon: '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z"/>',
  contrast: '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17a8.5 8.5 0 0 0 0-17Z" fill="currentColor"/>',
  out: '<path d="M14 4.5H6.5a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2H14M10 12h10m0 0-3.5-3.5M20 12l-3.5 3.5"/>',
  arrow: '<path d="M5 12h14m0 0-5.5-5.5M19 12l-5.5 5.5"/>',
  back: '<path d="M19 12H5m0 0 5.5-5.5M5 12l5.5 5.5"/>',
  alert: '<path d="M12 4 2.8 19.5h18.4ZM12 10v4.5M12 17.2h.01"/>',
  info: '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.7h.01"/>',
  target: '<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="4.5"/><path d="M12 12h.01"/>',
  person: '<circle cx="12" cy="8" r="4"/><path d="M4.5 20a7.5 7.5 0 0 1 15 0"/>',
  bolt: '<path d="M13 3 5 13.5h6L10.5 21 19 10.5h-6Z"/>',
  wifiOff: '<path d="M4 4l16 16M8.5 15.5a5 5 0 0 1 5.5-1M5 12a10 10 0 0 1 4-2.4M13 9a10 10 0 0 1 6 3M2 8.5a15 15 0 0 1 4-2.6M10 4.7c4.3-.4 8.7 1 12 3.8M12 19h.01"/>',
  sparkle: '<path d="M12 4c.6 4.6 2.4 6.9 7 8-4.6 1.1-6.4 3.4-7 8-.6-4.6-2.4-6.9-7-8 4.6-1.1 6.4-3.4 7-8Z"/>',
  send: '<path d="M4 12 20 4.5 15.5 20l-4-6.5Z"/>',
  search: '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
  copy: '<rect x="9" y="9" width="11" height="11" rx="2.5"/><path d="M15 9V6.5A2.5 2.5 0 0 0 12.5 4h-6A2.5 2.5 0 0 0 4 6.5v6A2.5 2.5 0 0 0 6.5 15H9"/>',
  home: '<path d="m4 11 8-7 8 7v8.5a1.5 1.5 0 0 1-1.5 1.5H14v-6h-4v6H5.5A1.5 1.5 0 0 1 4 19.5Z"/>',
  medal: '<circle cx="12" cy="9" r="5.5"/><path d="m8.5 13.5-1.5 7.5 5-2.5 5 2.5-1.5-7.5M12 6.8l.8 1.5 1.6.2-1.2 1.1.3 1.6-1.5-.8-1.5.8.3-1.6-1.2-1.1 1.6-.2Z"/>',
  people: '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.2a6.5 6.5 0 0 1 4 5.3"/>',
  calendar: '<rect x="3.5" y="5" width="17" height="15" rx="3"/><path d="M3.5 10h17M8 3v4M16 3v4"/>',
  bell: '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15ZM10 21h4"/>',
  more: '<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="3"/>',
  flag: '<path d="M5.5 21V4M5.5 4.5c4-2 7 2 13 0v9c-6 2-9-2-13 0"/>',
  download: '<path d="M12 4v11m0 0 4.5-4.5M12 15l-4.5-4.5M4.5 19.5h15"/>',
  chat: '<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-5 4.5V16A2.5 2.5 0 0 1 4 13.5Z"/>',
  gear: '<circle cx="12" cy="12" r="3.2"/><path d="M12 3v2.5M12 18.5V21M4.2 7.5l2.2 1.3M17.6 15.2l2.2 1.3M4.2 16.5l2.2-1.3M17.6 8.8l2.2-1.3"/>',
  keypad: '<path d="M6 5h.01M12 5h.01M18 5h.01M6 10h.01M12 10h.01M18 10h.01M6 15h.01M12 15h.01M18 15h.01M12 20h.01" stroke-width="2.6"/>',
  note: '<path d="M14 4H7a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V9ZM14 4v5h5M8.5 13h7M8.5 16.5h4.5"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  trash: '<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12a1.5 1.5 0 0 0 1.5 1.5h6.4a1.5 1.5 0 0 0 1.5-1.5l.8-12M10 11v5.5M14 11v5.5"/>',
  clock: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
  letter: '<rect x="3.5" y="5.5" width="17" height="13" rx="2.5"/><path d="m4.5 7.5 7.5 6 7.5-6"/>',
  back5: '<path d="M5 5v5h5M5.5 9.5A8 8 0 1 1 4 14"/>',
  ahead5: '<path d="M19 5v5h-5M18.5 9.5A8 8 0 1 0 20 14"/>',
  skip: '<path d="m5 6 7 6-7 6ZM13 6l7 6-7 6Z"/>',
  up: '<path d="M12 19V5m0 0-5.5 5.5M12 5l5.5 5.5"/>',
  down: '<path d="M12 5v14m0 0 5.5-5.5M12 19l-5.5-5.5"/>',
  fullscreen: '<path d="M8.5 4.5h-4v4M15.5 4.5h4v4M8.5 19.5h-4v-4M15.5 19.5h4v-4"/>',
  filter: '<path d="M4 6h16M7 12h10M10 18h4"/>',
  grip: '<path d="M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01" stroke-width="2.6"/>',
  lock: '<rect x="5" y="10.5" width="14" height="9.5" rx="2.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>',
};

/** What points along the line of reading, and turns round where that runs from right to left. */
const POINTING = new Set(["arrow", "back", "out", "send"]);

export function icon(name, className = "icon") {
  return trusted(
    `<svg class="${className}${POINTING.has(name) ? " icon--points" : ""}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" ` +
      `stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${PATHS[name] ?? ""}</svg>`,
  );
}

/** The icon and word of a lesson type. */
export const LESSON_TYPES = {
  text: { icon: "text", word: () => t("Reading") },
  video: { icon: "video", word: () => t("Video") },
  quiz: { icon: "quiz", word: () => t("Quiz") },
  simulation: { icon: "phone", word: () => t("Practice call") },
};
