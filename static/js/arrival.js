/** What a link in a letter brought along behind the `#`: tokens, an error or a message. PURE. */

const TO_NEW_PASSWORD = new Set(["recovery", "invite"]);

/** `{tokens, type}`, `{error: {code, text}}`, `{message}`, or null when nothing came that way. */
export function arrivalOf(hash) {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const error = values.get("error_code") ?? values.get("error");
  if (error) return { error: { code: error, text: values.get("error_description") ?? "" } };
  if (values.get("message")) return { message: values.get("message") };
  const [access_token, refresh_token] = [values.get("access_token"), values.get("refresh_token")];
  if (!access_token || !refresh_token) return null;
  const expires_in = Number(values.get("expires_in")) || 3600;
  return { tokens: { access_token, refresh_token, expires_in }, type: values.get("type") ?? "" };
}

/** Where somebody goes who came with tokens of this type. */
export function pathAfter(type) {
  return TO_NEW_PASSWORD.has(type) ? "/new-password" : "/";
}
