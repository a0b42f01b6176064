/** The public wires as functions: everything the application knows about the server comes through here. */

import { send } from "./login.js";

export class Api {
  #login;
  #fetch;

  constructor(login, fetch) {
    this.#login = login;
    this.#fetch = fetch;
  }

  get login() {
    return this.#login;
  }

  /** Rows of a table: `rows("products", {select: "id,title", is_active: "eq.true"})`. */
  async rows(table, query, { signal } = {}) {
    const response = await this.#authorized(`/rest/v1/${table}?${new URLSearchParams(query)}`, { signal });
    return response.json();
  }

  async firstRow(table, query, options) {
    return (await this.rows(table, query, options))[0] ?? null;
  }

  /** One new row. A row that is there already (409) counts as written. */
  async insert(table, row) {
    try {
      await this.#authorized(`/rest/v1/${table}`, json("POST", row));
    } catch (error) {
      if (error.status !== 409) throw error;
    }
  }

  /** One new row as the server has stored it. */
  async inserted(table, row, select) {
    const options = json("POST", row);
    options.headers.Prefer = "return=representation";
    const response = await this.#authorized(`/rest/v1/${table}?${new URLSearchParams({ select })}`, options);
    return (await response.json())[0];
  }

  /** One new row, or the one that is there changed; `on` names the columns that are unique together. */
  async upsert(table, row, on) {
    const options = json("POST", row);
    options.headers.Prefer = "resolution=merge-duplicates";
    await this.#authorized(`/rest/v1/${table}?${new URLSearchParams({ on_conflict: on })}`, options);
  }

  /** Changes the rows that `filter` chooses. */
  async update(table, filter, changes) {
    await this.#authorized(`/rest/v1/${table}?${new URLSearchParams(filter)}`, json("PATCH", changes));
  }

  async remove(table, filter) {
    await this.#authorized(`/rest/v1/${table}?${new URLSearchParams(filter)}`, { method: "DELETE" });
  }

  /** What a function of the database answers, null for nothing; a refusal has `error.reason`. `keepalive` outlives the page. */
  async rpc(name, values = {}, { signal, keepalive = false } = {}) {
    const answer = await this.#authorized(`/rest/v1/rpc/${name}`, { ...json("POST", values), signal, keepalive });
    const text = await answer.text();
    return text ? JSON.parse(text) : null;
  }

  /** An address under which a file can be had for a time; `download` is the name to store it under. */
  async signedLink(bucket, path, lifetimeS, download = null) {
    const place = path.split("/").map(encodeURIComponent).join("/");
    const answer = await this.#authorized(`/storage/v1/object/sign/${bucket}/${place}`, json("POST", { expiresIn: lifetimeS }));
    const { signedURL } = await answer.json();
    return `/storage/v1${signedURL}${download === null ? "" : `&download=${encodeURIComponent(download)}`}`;
  }

  /** What a function of /functions/v1 answers. */
  async invoke(name, body = {}, { signal } = {}) {
    return (await this.#authorized(`/functions/v1/${name}`, { ...json("POST", body), signal })).json();
  }

  /** A file that a function makes: `{blob, name}`; `onBytes(n)` tells how much has come. */
  async download(name, body, { signal, onBytes = () => {} } = {}) {
    const response = await this.#authorized(`/functions/v1/${name}`, { ...json("POST", body), signal });
    return { blob: await collected(response, onBytes), name: fileName(response.headers.get("Content-Disposition")) };
  }

  /** A file of the storage, as a blob. */
  async file(bucket, path, { signal } = {}) {
    const place = path.split("/").map(encodeURIComponent).join("/");
    return (await this.#authorized(`/storage/v1/object/authenticated/${bucket}/${place}`, { signal })).blob();
  }

  /** The logins of this person on all devices, the newest first. */
  async logins({ signal } = {}) {
    return (await (await this.#authorized("/auth/v1/logins", { signal })).json()).logins;
  }

  async endLogin(id) {
    await this.#authorized(`/auth/v1/logins/${id}`, { method: "DELETE" });
  }

  async startCall(simulationId, mode = "practice") {
    const body = { simulation_id: simulationId, mode };
    return (await this.#authorized("/voice/v1/calls", json("POST", body))).json();
  }

  /** The calls of this person that have not ended. */
  async runningCalls({ signal } = {}) {
    return (await (await this.#authorized("/voice/v1/calls?mine=running", { signal })).json()).calls;
  }

  /** A running call once more as `startCall` gives it, with a fresh token: whoever is connected is told. */
  async takeOver(callId) {
    return (await this.#authorized(`/voice/v1/calls/${callId}/token`, { method: "POST" })).json();
  }

  async hangUp(callId) {
    await this.#authorized(`/voice/v1/calls/${callId}`, { method: "DELETE" });
  }

  /** `part` is "", "transcript" or "evaluation". */
  async call(callId, part = "", { signal } = {}) {
    const path = part ? `/voice/v1/calls/${callId}/${part}` : `/voice/v1/calls/${callId}`;
    return (await this.#authorized(path, { signal })).json();
  }

  async recordingLink(callId) {
    return (await this.#authorized(`/voice/v1/calls/${callId}/recording/link`, { method: "POST" })).json();
  }

  /** `{demo, offline_customer, version}`; known before anybody signs in. */
  async about() {
    return (await send(this.#fetch, "/voice/v1/about")).json();
  }

  /** What /auth/v1 offers: `{canSignUp, canRecover}`; nothing when it cannot be asked. */
  async accountOffers() {
    const settings = await send(this.#fetch, "/auth/v1/settings").then((answer) => answer.json(), () => null);
    const byMail = Boolean(settings?.external?.email);
    return { canSignUp: byMail && settings.disable_signup === false, canRecover: byMail };
  }

  async #authorized(url, options = {}) {
    const token = await this.#login.accessToken();
    try {
      return await send(this.#fetch, url, withToken(options, token));
    } catch (error) {
      if (error.status !== 401) throw error;
      const renewed = await this.#login.renew();
      return send(this.#fetch, url, withToken(options, renewed));
    }
  }
}

function json(method, body) {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

async function collected(response, onBytes) {
  const parts = [];
  let bytes = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts, { type: response.headers.get("Content-Type") ?? "" });
    parts.push(value);
    bytes += value.length;
    onBytes(bytes);
  }
}

/** The name in a Content-Disposition header: the one in UTF-8 (`filename*`, RFC 8187) where there is one. */
function fileName(disposition) {
  const encoded = /filename\*=UTF-8''([^;\s]+)/i.exec(disposition ?? "")?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="?([^";]+)"?/.exec(disposition ?? "")?.[1] ?? "callx";
}

function withToken(options, token) {
  return { ...options, headers: { ...options.headers, Authorization: `Bearer ${token}` } };
}

/** A to-one embed, whether the server sends it as an object or as a list of one. */
export function one(embedded) {
  return Array.isArray(embedded) ? (embedded[0] ?? null) : (embedded ?? null);
}

/** A to-many embed in its order. */
export function inOrder(embedded, key = "order_index") {
  return [...(embedded ?? [])].sort((left, right) => left[key] - right[key]);
}
