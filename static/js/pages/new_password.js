import { t } from "../lib/i18n.js";
import { drawEntrance, missingPart, onSubmit, passwordField, textOfError } from "./entrance.js";

/** Whoever comes by a link of a recovery letter or an invitation is signed in already, and chooses a password here. */
export function show(main, { app }) {
  document.title = `${t("Choose a password")} · CallX`;
  const form = drawEntrance(main, {
    title: t("Choose a password"),
    text: t("For {email}. Other devices will have to sign in again.", { email: app.login.user.email }),
    fields: passwordField({ label: t("New password"), isNew: true }),
    submitText: t("Save and go on"),
  });
  onSubmit(form, {
    busyText: t("Saving…"),
    gapIn: missingPart,
    send: async ({ password }) => {
      await app.login.setPassword(password);
      app.announce(t("Your new password is saved"));
      app.router.go("/", { replace: true });
    },
    textOf,
  });
}

function textOf(error) {
  if (error.code === "reauthentication_needed") return t("This link is too old to change the password. Ask for a new one.");
  if (error.code === "same_password") return t("That is your old password. Choose another one.");
  return textOfError(error);
}
