/**
 * Every address that the application draws: `load` brings the page, `roles` says who may see it (one of them is enough;
 * without it everybody who is signed in), `open` that nobody has to sign in, `styles` names style sheets of css/pages
 * that only this page needs.
 */
export const ROUTES = [
  { path: "/sign-in", load: () => import("./pages/sign_in.js"), open: true },
  { path: "/sign-up", load: () => import("./pages/sign_up.js"), open: true },
  { path: "/forgot-password", load: () => import("./pages/forgot_password.js"), open: true },
  { path: "/link", load: () => import("./pages/link_result.js"), open: true },
  { path: "/new-password", load: () => import("./pages/new_password.js") },

  { path: "/", load: () => import("./pages/home.js"), styles: ["home"] },
  { path: "/courses", load: () => import("./pages/courses.js") },
  { path: "/courses/:id", load: () => import("./pages/course.js") },
  { path: "/lessons/:id", load: () => import("./pages/lesson.js") },
  { path: "/search", load: () => import("./pages/search.js"), styles: ["search"] },
  { path: "/calls", load: () => import("./pages/calls.js") },
  { path: "/calls/:id", load: () => import("./pages/report.js"), styles: ["replay"] },
  { path: "/certificates", load: () => import("./pages/certificates.js"), styles: ["certificates"] },
  { path: "/notifications", load: () => import("./pages/notifications.js"), styles: ["settings"] },
  { path: "/notifications/preferences", load: () => import("./pages/preferences.js"), styles: ["settings"] },
  { path: "/profile", load: () => import("./pages/profile.js"), styles: ["settings"] },
  { path: "/calls/:id/review", load: () => import("./pages/review.js"), roles: ["manager"], styles: ["replay", "review"] },
  { path: "/calls/:id/live", load: () => import("./pages/live_call.js") },

  { path: "/team", load: () => import("./pages/team.js"), roles: ["manager"], styles: ["team"] },
  { path: "/team/skills", load: () => import("./pages/skills.js"), roles: ["manager"], styles: ["team"] },
  { path: "/team/:id", load: () => import("./pages/person.js"), roles: ["manager"], styles: ["team", "person"] },
  { path: "/reviews", load: () => import("./pages/reviews.js"), roles: ["manager"], styles: ["review"] },
  { path: "/assignments", load: () => import("./pages/assignments.js"), roles: ["manager"], styles: ["team", "assignments"] },
  { path: "/compare", load: () => import("./pages/compare.js"), styles: ["team", "person"] },

  { path: "/admin", load: () => import("./pages/admin.js"), roles: ["admin"] },
  { path: "/admin/courses", load: () => import("./pages/admin/courses.js"), roles: ["admin"], styles: ["admin"] },
  { path: "/admin/courses/:id", load: () => import("./pages/admin/course.js"), roles: ["admin"], styles: ["admin"] },
  { path: "/admin/lessons/:id", load: () => import("./pages/admin/lesson_text.js"), roles: ["admin"], styles: ["admin"] },
  { path: "/admin/people", load: () => import("./pages/admin/people.js"), roles: ["admin"], styles: ["admin"] },
  { path: "/admin/analytics", load: () => import("./pages/admin/analytics.js"), roles: ["admin"], styles: ["admin", "admin_charts"] },
  { path: "/admin/audit", load: () => import("./pages/admin/audit.js"), roles: ["admin"], styles: ["admin", "admin_audit"] },
];
export const NOT_FOUND = { load: () => import("./pages/not_found.js"), open: true };
