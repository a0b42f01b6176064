/** What only administrators ask the server, beside what `Api` knows: guarded changes, accounts, files that are sent. */

import { send } from "../../login.js";

export class AdminApi {
  #login;
  #fetch;

  constructor(login, fetch = globalThis.fetch.bind(globalThis)) {
    this.#login = login;
    this.#fetch = fetch;
  }

  /** Changes a row if it is still as of `version` (its `updated_at`): the row as stored, or null when it is not. */
  async changeIf(table, id, version, changes, select) {
    const query = new URLSearchParams({ id: `eq.${id}`, updated_at: `eq.${version}`, select });
    const headers = { "Content-Type": "application/json", Prefer: "return=representation" };
    const answer = await this.#authorized(`/rest/v1/${table}?${query}`, { method: "PATCH", headers, body: JSON.stringify(changes) });
    return (await answer.json())[0] ?? null;
  }

  /** Rows and how many there are in all: `{rows, total}`. */
  async page(table, query, { signal } = {}) {
    const headers = { Prefer: "count=exact" };
    const answer = await this.#authorized(`/rest/v1/${table}?${new URLSearchParams(query)}`, { headers, signal });
    const total = Number(answer.headers.get("Content-Range")?.split("/")[1]);
    return { rows: await answer.json(), total };
  }

  /** Puts a file into a bucket, over the one of this name if need be. */
  async upload(bucket, path, file, { signal } = {}) {
    const headers = { "Content-Type": file.type || "application/octet-stream", "x-upsert": "true" };
    await this.#authorized(`/storage/v1/object/${bucket}/${encodeURIComponent(path)}`, { method: "POST", headers, body: file, signal });
  }

  /** All accounts, the newest first. */
  async accounts({ signal } = {}) {
    const all = [];
    for (let page = 1; ; page += 1) {
      const { users } = await (await this.#authorized(`/auth/v1/admin/users?page=${page}&per_page=1000`, { signal })).json();
      all.push(...users);
      if (users.length < 1000) return all;
    }
  }

  /** Locks somebody out, or lets them in again. */
  async setActive(userId, isActive) {
    const body = JSON.stringify({ ban_duration: isActive ? "none" : "876000h" });
    await this.#authorized(`/auth/v1/admin/users/${userId}`, { method: "PUT", headers: { "Content-Type": "application/json" }, body });
  }

  /** What the import of people answers; rows with errors are an answer, too. */
  async importPeople(file, { isDryRun }) {
    const options = { method: "POST", headers: { "Content-Type": "text/csv" }, body: file };
    const answer = await this.#authorized(`/auth/v1/admin/people/import?dry_run=${isDryRun}`, options, [422]);
    return answer.json();
  }

  async #authorized(url, options, welcome = []) {
    const fetched = async (...request) => {
      const answer = await this.#fetch(...request);
      return welcome.includes(answer.status) ? new Response(answer.body, { headers: answer.headers }) : answer;
    };
    const withToken = (token) => ({ ...options, headers: { ...options.headers, Authorization: `Bearer ${token}` } });
    try {
      return await send(fetched, url, withToken(await this.#login.accessToken()));
    } catch (error) {
      if (error.status !== 401) throw error;
      return send(fetched, url, withToken(await this.#login.renew()));
    }
  }
}
