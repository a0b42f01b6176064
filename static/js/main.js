/** Puts the application together and draws the page that the address names. */

import { Api } from "./api.js";
import { announce } from "./announce.js";
import { arrivalOf, pathAfter } from "./arrival.js";
import "./elements/app_shell.js";
import { Login, STORAGE_KEY } from "./login.js";
import { match, Router } from "./router.js";
import { errorPanel, skeleton } from "./pages/states.js";
import { render } from "./lib/html.js";

const ROUTES = [
  { path: "/sign-in", load: () => import("./pages/sign_in.js"), open: true },
  { path: "/sign-up", load: () => import("./pages/sign_up.js"), open: true },
  { path: "/forgot-password", load: () => import("./pages/forgot_password.js"), open: true },
  { path: "/link", load: () => import("./pages/link_result.js"), open: true },
  { path: "/new-password", load: () => import("./pages/new_password.js") },
  { path: "/", load: () => import("./pages/courses.js") },
  { path: "/courses/:id", load: () => import("./pages/course.js") },
  { path: "/lessons/:id", load: () => import("./pages/lesson.js") },
  { path: "/calls", load: () => import("./pages/calls.js") },
  { path: "/calls/:id", load: () => import("./pages/report.js") },
  { path: "/calls/:id/live", load: () => import("./pages/live_call.js") },
];
const NOT_FOUND = { load: () => import("./pages/not_found.js"), open: true };

const login = new Login({ storage: localStorage, fetch: fetch.bind(window), locks: navigator.locks ?? null });
const app = { api: new Api(login, fetch.bind(window)), login, announce, router: new Router(show), handover: null, arrival: null };
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
  const slow = setTimeout(() => render(main, skeleton()), 80);
  try {
    const page = await route.load();
    if (visit !== mine) return;
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
  document.title = "Something went wrong · CallX";
  render(main, errorPanel(error));
  main.querySelector("[data-retry]")?.addEventListener("click", () => show(path));
  announce(error.message, { urgent: true });
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
app.router.start();
