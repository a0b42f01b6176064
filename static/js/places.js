/** Where one can go, by role: the main navigation. PURE. */

import { t } from "./lib/i18n.js";

const TRAINEE = ["trainee", "manager", "admin"];
const MANAGER = ["manager", "admin"];

/** `minor` ones stand behind “More” where there is little room; `owns` says which addresses belong to a place. */
const PLACES = [
  { href: "/", label: () => t("Home"), icon: "home", group: "learn", roles: TRAINEE, owns: (path) => path === "/" },
  { href: "/courses", label: () => t("My courses"), short: () => t("Courses"), icon: "book", group: "learn", roles: TRAINEE, owns: (path) => /^\/(courses|lessons)(\/|$)/.test(path) },
  { href: "/calls", label: () => t("My calls"), short: () => t("Calls"), icon: "history", group: "learn", roles: TRAINEE, owns: (path) => /^\/calls(\/(?!.*\/review$)|$)/.test(path) },
  { href: "/certificates", label: () => t("Certificates"), icon: "medal", group: "learn", roles: TRAINEE, minorFor: MANAGER, owns: (path) => /^\/certificates(\/|$)/.test(path) },
  { href: "/team", label: () => t("Team"), icon: "people", group: "lead", roles: MANAGER, owns: (path) => /^\/team(\/|$)/.test(path) },
  { href: "/reviews", label: () => t("Reviews"), icon: "flag", group: "lead", roles: MANAGER, minorFor: MANAGER, owns: (path) => /^\/(reviews(\/|$)|calls\/[^/]+\/review$)/.test(path) },
  { href: "/assignments", label: () => t("Assignments"), icon: "calendar", group: "lead", roles: MANAGER, minorFor: MANAGER, owns: (path) => /^\/assignments(\/|$)/.test(path) },
  { href: "/admin", label: () => t("Administration"), short: () => t("Admin"), icon: "gear", group: "run", roles: ["admin"], minorFor: ["admin"], owns: (path) => /^\/admin(\/|$)/.test(path) },
];

const GROUPS = { learn: () => t("Learn"), lead: () => t("Lead"), run: () => t("Run") };

/** The places of somebody with these roles; who has none yet sees what trainees see. */
export function placesFor(roles) {
  const held = roles.length ? roles : ["trainee"];
  return PLACES.filter((place) => place.roles.some((role) => held.includes(role))).map((place) => ({
    href: place.href,
    label: place.label(),
    short: (place.short ?? place.label)(),
    icon: place.icon,
    group: place.group,
    minor: Boolean(place.minorFor?.some((role) => held.includes(role))),
    owns: place.owns,
  }));
}

/** `[{title, places}]` in their order; the title is null while there is only one group. */
export function groupsOf(places) {
  const names = [...new Set(places.map((place) => place.group))];
  return names.map((name) => ({
    title: names.length > 1 ? GROUPS[name]() : null,
    places: places.filter((place) => place.group === name),
  }));
}

export function roleWord(role) {
  return { admin: t("Administrator"), manager: t("Manager"), trainee: t("Trainee") }[role] ?? role;
}
