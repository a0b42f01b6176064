/** Who is signed in on this device: the tokens, kept in storage and renewed before they run out. No DOM. */

export const STORAGE_KEY = "callx.login";
export const RENEW_BEFORE_MS = 90_000;
const JSON_HEADERS = { "Content-Type": "application/json;charset=UTF-8", "X-Supabase-Api-Version": "2024-01-01" };

/** An answer that was no success, or no answer at all (`status` 0); `reason` is the code of a refusal of the database. */
export class ApiError extends Error {
  constructor(message, { status = 0, code = "network", retryable = false, requestId = null, details = {}, reason = null } = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.retryable = retryable;
    this.requestId = requestId;
    this.details = details;
    this.reason = reason;
  }
}

export class Login {
  #storage;
  #fetch;
  #now;
  #locks;
  #renewing = null;
  #listeners = new Set();

  /** `now` gives milliseconds of the day; `locks` is navigator.locks, so that tabs renew one at a time. */
  constructor({ storage, fetch, now = Date.now, locks = null }) {
    this.#storage = storage;
    this.#fetch = fetch;
    this.#now = now;
    this.#locks = locks;
  }

  /** `{access_token, refresh_token, expires_at_ms, user}`, or null when nobody is signed in. */
  get current() {
    try {
      const login = JSON.parse(this.#storage.getItem(STORAGE_KEY));
      return login?.access_token && login?.refresh_token ? login : null;
    } catch {
      return null;
    }
  }

  get user() {
    return this.current?.user ?? null;
  }

  /** Calls `listener(user)` at each sign-in and sign-out, in this tab or another; returns how to stop that. */
  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** To be called when another tab changed the storage. */
  changedElsewhere() {
    this.#tell();
  }

  async signIn(email, password) {
    const answer = await this.#token("password", { email, password });
    this.#keep(answer);
    this.#tell();
    return answer.user;
  }

  /** Signs up; returns whether that was all: if not, a letter with a link is under way. */
  async signUp({ email, password, fullName, redirectTo }) {
    const answer = await this.#post(`signup?${redirection(redirectTo)}`, { email, password, data: { full_name: fullName } });
    if (!answer.access_token) return false;
    this.#keep(answer);
    this.#tell();
    return true;
  }

  /** Asks for a letter with a link to choose a new password; the answer does not say whether the address is known. */
  async recover(email, redirectTo) {
    await this.#post(`recover?${redirection(redirectTo)}`, { email });
  }

  /** Signs in with the `{access_token, refresh_token, expires_in}` that a link brought. */
  async adopt(tokens) {
    const headers = { Authorization: `Bearer ${tokens.access_token}` };
    const user = await (await send(this.#fetch, "/auth/v1/user", { headers })).json();
    this.#keep({ ...tokens, user });
    this.#tell();
  }

  /** `current` is the old password, which somebody needs whose sign-in is not of the last minutes. */
  async setPassword(password, current = undefined) {
    const headers = { ...JSON_HEADERS, Authorization: `Bearer ${await this.accessToken()}` };
    await send(this.#fetch, "/auth/v1/user", { method: "PUT", headers, body: JSON.stringify({ password, current_password: current }) });
  }

  /** Forgets the login here even if the server cannot be told. */
  async signOut() {
    const login = this.current;
    this.#forget();
    if (!login) return;
    const headers = { Authorization: `Bearer ${login.access_token}` };
    await this.#fetch("/auth/v1/logout?scope=local", { method: "POST", headers }).catch(() => {});
  }

  /** A token that is good for at least a moment. Throws ApiError 401 when nobody is signed in (any more). */
  async accessToken() {
    const login = this.current;
    if (!login) throw signedOut();
    const leftMs = login.expires_at_ms - this.#now();
    if (leftMs > RENEW_BEFORE_MS) return login.access_token;
    try {
      return await this.renew(login.refresh_token);
    } catch (error) {
      if (error.status !== 401 && leftMs > 0) return login.access_token;
      throw error;
    }
  }

  /** Renews once for all who ask at the same time; `spent` is the refresh token that the caller saw. */
  renew(spent = this.current?.refresh_token) {
    this.#renewing ??= this.#exclusively(() => this.#renewOnce(spent)).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  #exclusively(work) {
    return this.#locks ? this.#locks.request("callx.renew", work) : work();
  }

  async #renewOnce(spent) {
    const login = this.current;
    if (!login) throw signedOut();
    if (login.refresh_token !== spent) return login.access_token; // another tab was quicker
    try {
      const answer = await this.#token("refresh_token", { refresh_token: login.refresh_token });
      this.#keep(answer);
      return answer.access_token;
    } catch (error) {
      if (error.status < 400 || error.status >= 500 || error.status === 429) throw error;
      this.#forget();
      throw signedOut();
    }
  }

  #token(grant, body) {
    return this.#post(`token?grant_type=${grant}`, body);
  }

  async #post(path, body) {
    const options = { method: "POST", headers: JSON_HEADERS, body: JSON.stringify(body) };
    return (await send(this.#fetch, `/auth/v1/${path}`, options)).json();
  }

  #keep({ access_token, refresh_token, expires_in, user }) {
    const expires_at_ms = this.#now() + expires_in * 1000;
    this.#storage.setItem(STORAGE_KEY, JSON.stringify({ access_token, refresh_token, expires_at_ms, user }));
  }

  #forget() {
    this.#storage.removeItem(STORAGE_KEY);
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener(this.user);
  }
}

function redirection(redirectTo) {
  return new URLSearchParams({ redirect_to: redirectTo });
}

function signedOut() {
  return new ApiError("Please sign in again.", { status: 401, code: "signed_out" });
}

/** fetch that throws an ApiError for whatever is no success, in any of the wires' error shapes. */
export async function send(fetch, url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError("The server cannot be reached. Check your connection.", { retryable: true });
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  throw errorOf(response.status, body, response.headers.get("X-Request-Id"));
}

/** The ApiError in a body of /voice/v1 (`{error: {…}}`), /rest/v1 or /auth/v1 (`{code, message | msg}`). */
export function errorOf(status, body, requestId = null) {
  const inner = body?.error && typeof body.error === "object" ? body.error : (body ?? {});
  const code = inner.error_code ?? inner.code ?? `http_${status}`;
  const message = inner.message ?? inner.msg ?? (typeof body?.error === "string" ? body.error : null);
  return new ApiError(message ?? `The server answered with ${status}.`, {
    status,
    code: String(code),
    retryable: inner.retryable ?? (status === 429 || status >= 500),
    requestId: inner.request_id ?? requestId,
    details: inner.details && typeof inner.details === "object" ? inner.details : {},
    reason: typeof inner.details === "string" ? inner.details : null,
  });
}
