/** People as administrators see them: roles, managers, who is locked out, and what an import would do. PURE. */

import { hasWords } from "../../lib/plain.js";

export const ROLES = ["trainee", "manager", "admin"];

/**
 * Everybody by name: `{id, name, email, roles, managers, isActive, lastSeen}`. `accounts` are those of /auth/v1/admin/users,
 * `nowMs` decides who is locked out.
 */
export function peopleOf({ profiles, roles, links, accounts, nowMs }) {
  const names = new Map(profiles.map((profile) => [profile.id, profile.full_name]));
  const known = new Map(accounts.map((account) => [account.id, account]));
  return profiles
    .map((profile) => {
      const account = known.get(profile.id);
      const held = new Set(roles.filter((row) => row.user_id === profile.id).map((row) => row.role));
      return {
        id: profile.id,
        name: profile.full_name || profile.email,
        email: profile.email,
        roles: ROLES.filter((role) => held.has(role)),
        managers: links.filter((link) => link.trainee_id === profile.id).map((link) => ({ id: link.manager_id, name: names.get(link.manager_id) ?? "" })),
        isActive: !(account?.banned_until && Date.parse(account.banned_until) > nowMs),
        lastSeen: account?.last_sign_in_at ?? null,
      };
    })
    .sort((left, right) => left.name.localeCompare(right.name));
}

/** Those of `view` (`{show, q}`); `show` is a role, `inactive`, or null. */
export function chosenPeople(people, { show, q }) {
  return people.filter((person) => fits(person, show) && hasWords(`${person.name} ${person.email} ${person.managers.map((one) => one.name).join(" ")}`, q ?? ""));
}

function fits(person, show) {
  if (!show) return true;
  return show === "inactive" ? !person.isActive : person.roles.includes(show);
}

/** What to write so that somebody holds `wanted`: `{given, taken}`. */
export function changeOf(held, wanted) {
  return { given: wanted.filter((one) => !held.includes(one)), taken: held.filter((one) => !wanted.includes(one)) };
}

/** Rows of an import that want to be looked at first: wrong ones, then changes, then what stays. */
export function importRows(rows) {
  const weight = { error: 0, create: 1, update: 1, unchanged: 2 };
  return [...rows].sort((left, right) => (weight[left.outcome] ?? 1) - (weight[right.outcome] ?? 1) || left.row - right.row);
}
