/** Whose call is being looked at, and whether that is oneself. */

import { t } from "../lib/i18n.js";

/** `{isOwn, ownerId, name}` */
export async function viewerOf(app, callId, options) {
  const row = await app.api.firstRow("calls", { select: "user_id", id: `eq.${callId}` }, options);
  const ownerId = row?.user_id ?? app.login.user.id;
  if (ownerId === app.login.user.id) return { isOwn: true, ownerId, name: t("You") };
  const profile = await app.api.firstRow("profiles", { select: "full_name", id: `eq.${ownerId}` }, options);
  return { isOwn: false, ownerId, name: profile?.full_name || t("Trainee") };
}
