/** How the API hides a password: some first characters, then only X (jambonz-api-server lib/utils/encrypt-decrypt.js obscureKey). */
const OBSCURED = /^.{0,6}X{2,}$/;
const SECRET_COLUMN = /password|secret|token|credential/i;

export function isObscured(value: string): boolean {
  return OBSCURED.test(value);
}

/**
 * What a password is, after reading it. An obscured one tells nothing: then it is the one that was declared, so that it
 * is never shown as drift and never written back.
 */
export function readPassword(read: unknown, declared: string): string {
  const value = typeof read === "string" ? read : "";
  return isObscured(value) ? declared : value;
}

/** All texts of a body that must not be in a message: passwords, and everything in env_vars. */
export function secretsOf(value: unknown, isSecret = false): string[] {
  if (typeof value === "string") return isSecret && value !== "" ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    secretsOf(item, isSecret || SECRET_COLUMN.test(name) || name === "env_vars"),
  );
}

export function withoutSecrets(text: string, secrets: string[]): string {
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, "[hidden]"), text);
}
