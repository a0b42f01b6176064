import { drawEntrance, missingPart, onSubmit, passwordField, textOfError } from "./entrance.js";

/** Whoever comes by a link of a recovery letter or an invitation is signed in already, and chooses a password here. */
export function show(main, { app }) {
  document.title = "Choose a password · CallX";
  const form = drawEntrance(main, {
    title: "Choose a password",
    text: `For ${app.login.user.email}. Other devices will have to sign in again.`,
    fields: passwordField({ label: "New password", isNew: true }),
    submitText: "Save and go on",
  });
  onSubmit(form, {
    busyText: "Saving…",
    gapIn: missingPart,
    send: async ({ password }) => {
      await app.login.setPassword(password);
      app.announce("Your new password is saved");
      app.router.go("/", { replace: true });
    },
    textOf,
  });
}

function textOf(error) {
  if (error.code === "reauthentication_needed") return "This link is too old to change the password. Ask for a new one.";
  if (error.code === "same_password") return "That is your old password. Choose another one.";
  return textOfError(error);
}
