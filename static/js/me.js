/** Who is signed in, beyond the token: the profile's name and the roles, asked for once per login. No DOM. */

const KEPT = "callx.me";
const STRONGEST_FIRST = ["admin", "manager", "trainee"];

/** `{id, name, email, roles, role, language, timeZone}`; `role` is the strongest of `roles`, null without any. PURE. */
export function personOf(user, profile, rows, settings = null) {
  const held = new Set(rows.map((row) => row.role));
  const roles = STRONGEST_FIRST.filter((role) => held.has(role));
  const chosen = { language: settings?.language ?? null, timeZone: settings?.time_zone ?? null };
  return { id: user.id, name: profile?.full_name || user.email, email: user.email, roles, role: roles[0] ?? null, ...chosen };
}

/** Whether somebody with `roles` may go where one of `wanted` is needed; admins may go where managers may. PURE. */
export function mayGo(roles, wanted) {
  return !wanted || wanted.some((role) => roles.includes(role)) || (wanted.includes("manager") && roles.includes("admin"));
}

export class Me {
  #api;
  #storage;
  #asked = null;
  #askedFor = null;

  /** `storage` (sessionStorage) keeps the answer, so that a page that is loaded again draws the right frame at once. */
  constructor(api, storage) {
    this.#api = api;
    this.#storage = storage;
  }

  /** What is known without asking; null when nothing is. */
  get known() {
    const kept = read(this.#storage);
    return kept?.id === this.#api.login.user?.id ? kept : null;
  }

  /** Resolves to the person; asks the server at the first call of each login. Rejects when it cannot be asked. */
  get() {
    const user = this.#api.login.user;
    if (this.#askedFor !== user.id) {
      this.#askedFor = user.id;
      this.#asked = this.#ask(user).catch((error) => {
        this.#askedFor = null;
        throw error;
      });
    }
    return this.#asked;
  }

  /** Asks again at the next `get`: the name was changed. */
  forget() {
    this.#askedFor = null;
    this.#storage.removeItem(KEPT);
  }

  async #ask(user) {
    const [profile, rows, settings] = await Promise.all([
      this.#api.firstRow("profiles", { select: "full_name", id: `eq.${user.id}` }),
      this.#api.rows("user_roles", { select: "role", user_id: `eq.${user.id}` }),
      this.#api.firstRow("personal_settings", { select: "language,time_zone", user_id: `eq.${user.id}` }).catch(() => null),
    ]);
    const person = personOf(user, profile, rows, settings);
    this.#storage.setItem(KEPT, JSON.stringify(person));
    return person;
  }
}

function read(storage) {
  try {
    return JSON.parse(storage.getItem(KEPT));
  } catch {
    return null;
  }
}
