/** Puts the application together and draws the page that the address names. */

import { Api } from "./api.js";
import { announce } from "./announce.js";
import { arrivalOf, pathAfter } from "./arrival.js";
import "./elements/app_shell.js";
import { Login, STORAGE_KEY } from "./login.js";
import { mayGo, Me } from "./me.js";
import { match, Router } from "./router.js";
import { NOT_FOUND, ROUTES } from "./routes.js";
import { errorPanel, forbiddenPanel, skeleton } from "./pages/states.js";
import { render } from "./lib/html.js";
import { t } from "./lib/i18n.js";
import { speakFor } from "./language.js";
import { needStyles } from "./lib/styles.js";

const login = new Login({ storage: localStorage, fetch: fetch.bind(window), locks: navigator.locks ?? null });
const api = new Api(login, fetch.bind(window));
const app = { api, login, me: new Me(api, sessionStorage), announce, router: new Router(show), handover: null, arrival: null };
const main = document.querySelector("#main");
const shell = document.querySelector("app-shell");
let visit = { leave: () => {}, abort: new AbortController() };

async function show(path) {
  endVisit();
  const { route, params } = match(path, ROUTES) ?? { route: NOT_FOUND, params: {} };
  if (!route.open && !login.user) return signInFirst(path);
  const mine = { leave: () => {}, abort: new AbortController() };
  visit = mine;
  shell.follow(path, login.user, app);
  const before = main.firstElementChild;
  // A page that has drawn itself and still waits for something is not drawn over.
  const slow = setTimeout(() => main.firstElementChild === before && render(main, skeleton()), 80);
  try {
    if (!(await isAllowed(route))) return visit === mine && forbid(route);
    const [page, isOtherLanguage] = await Promise.all([route.load(), speakAsChosen(), needStyles(route.styles)]);
    if (visit !== mine) return;
    if (isOtherLanguage) shell.beginAgain(path, login.user, app);
    const leave = await page.show(main, { app, params, signal: mine.abort.signal });
    if (visit !== mine) return leave?.();
    mine.leave = leave ?? mine.leave;
    focusHeading();
  } catch (error) {
    if (visit === mine && error.name !== "AbortError") fail(error, path);
  } finally {
    clearTimeout(slow);
  }
}

async function isAllowed(route) {
  return !route.roles || mayGo((await app.me.get()).roles, route.roles);
}

async function forbid(route) {
  document.title = `${t("Not for your role")} · CallX`;
  render(main, forbiddenPanel(route.roles, (await app.me.get()).role));
  focusHeading();
}

function endVisit() {
  visit.abort.abort();
  visit.leave();
  document.body.classList.remove("immersive");
}

function signInFirst(path) {
  const target = path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`;
  history.replaceState(null, "", target);
  show("/sign-in");
}

function fail(error, path) {
  if (error.status === 401) return signInFirst(path);
  document.title = `${t("Something went wrong")} · CallX`;
  render(main, errorPanel(error));
  main.querySelector("[data-retry]")?.addEventListener("click", () => show(path));
  announce(error.message, { urgent: true });
}

/** The language and the times of the person who is signed in; true when the language is another one than before. */
async function speakAsChosen() {
  return speakFor(login.user && (app.me.known ?? (await app.me.get().catch(() => null))));
}

let firstPage = true;

/** Tells a screen reader where it is now; not at the first page, which the browser announces itself. */
function focusHeading() {
  const heading = main.querySelector("h1");
  if (heading && !firstPage) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  firstPage = false;
}

login.onChange((user) => {
  if (!user) app.me.forget();
  if (!user && location.pathname !== "/sign-in") signInFirst("/");
});
window.addEventListener("storage", (event) => {
  if (event.key === STORAGE_KEY) login.changedElsewhere();
});
for (const kind of ["online", "offline"]) {
  window.addEventListener(kind, () => {
    document.querySelector("#offline").hidden = navigator.onLine;
  });
}

/** Who comes by a link in a letter; the address bar forgets the tokens before anything else happens. */
async function arrive(arrival) {
  history.replaceState(null, "", arrival.tokens ? pathAfter(arrival.type) : "/link");
  app.arrival = arrival;
  if (!arrival.tokens) return;
  try {
    await login.adopt(arrival.tokens);
  } catch (error) {
    app.arrival = { error: { code: error.code, text: error.message } };
    history.replaceState(null, "", "/link");
  }
}

const arrival = arrivalOf(location.hash);
if (arrival) await arrive(arrival);
await speakFor(login.user && app.me.known);
app.router.start();
