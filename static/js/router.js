/** Which page an address means, and going there without loading the application again. */

/** The first route whose pattern fits: `{route, params}`, or null. `:name` stands for one part of the path. PURE. */
export function match(path, routes) {
  const parts = path.split("/").filter(Boolean);
  for (const route of routes) {
    const pattern = route.path.split("/").filter(Boolean);
    if (pattern.length !== parts.length) continue;
    const params = paramsOf(pattern, parts);
    if (params) return { route, params };
  }
  return null;
}

/** What the server draws itself, without this application. */
const SERVERS_OWN = /^\/(auth|docs|functions|health|letters|metrics|rest|static|storage|v1|verify|voice)(\/|$)/;

/** Whether the application draws what is at `path`. PURE. */
export function isOurs(path) {
  return !SERVERS_OWN.test(path);
}

function paramsOf(pattern, parts) {
  const params = {};
  for (const [index, part] of pattern.entries()) {
    if (part.startsWith(":")) params[part.slice(1)] = safeDecode(parts[index]);
    else if (part !== parts[index]) return null;
  }
  return params;
}

function safeDecode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export class Router {
  #show;
  #guard = null;
  #shown = "/";

  /** `show(path)` draws; it is called at each change of address. */
  constructor(show) {
    this.#show = show;
  }

  start() {
    document.addEventListener("click", (event) => this.#followLink(event));
    window.addEventListener("popstate", () => this.#wentBack());
    this.#draw();
  }

  /** The browser has gone already: who stays after all is put back. */
  #wentBack() {
    if (this.#mayLeave()) this.#draw();
    else history.pushState(null, "", this.#shown);
  }

  #mayLeave() {
    const question = this.#guard?.();
    if (question && !window.confirm(question)) return false;
    this.#guard = null;
    return true;
  }

  #draw() {
    this.#shown = location.pathname + location.search;
    this.#show(location.pathname);
  }

  /** While `guard()` returns a question, leaving the page asks it first. Null takes it away. */
  guard(guard) {
    this.#guard = guard;
  }

  /** Writes what was chosen on the page into its address, so that it can be linked and comes back; draws nothing. */
  keepQuery(query) {
    const text = query.toString();
    this.#shown = location.pathname + (text && `?${text}`);
    history.replaceState(null, "", this.#shown);
  }

  go(path, { replace = false } = {}) {
    if (!this.#mayLeave()) return;
    if (replace) history.replaceState(null, "", path);
    else history.pushState(null, "", path);
    this.#draw();
    window.scrollTo(0, 0);
  }

  #followLink(event) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a[href]");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (!isOurs(link.pathname) || (link.hash && link.pathname === location.pathname)) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}
