import type { TarFile } from "./tar.ts";

/** Names and contents of files that nobody wants on a platform: they are refused, also when git tracks them. */
const SECRET_NAME = /(?:^|\/)(?:\.?env(?:\..+)?|id_(?:rsa|ecdsa|ed25519)|[^/]+\.(?:pem|key|p12|pfx|jks|keystore))$/i;
const SECRET_CONTENTS: readonly [string, RegExp][] = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["a key of AWS", /\bAKIA[0-9A-Z]{16}\b/],
  ["a key of Heroku", /\bHRKU-[A-Za-z0-9_-]{30,}/],
  ["a token of GitHub", /\bgh[opsu]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{50,}/],
  ["a token of Pulumi", /\bpul-[0-9a-f]{40}\b/],
  ["a key of OpenAI", /\bsk-(?:proj-)?[A-Za-z0-9_-]{32,}/],
  ["a webhook secret of Jambonz", /\bwh_secret_[A-Za-z0-9_-]{16,}/],
  ["a key of the environment", /\b(?:LIVEKIT_API_SECRET|JAMBONZ_API_KEY|HEROKU_API_KEY)=["']?[A-Za-z0-9_-]{16,}/],
];

/** @throws Error with the file and the kind of secret, never the secret. */
export function requireNoSecrets(files: readonly TarFile[]): void {
  for (const { path, content } of files) {
    const kind = SECRET_NAME.test(path) ? "the name of a file with keys" : kindIn(content.toString("latin1"));
    if (kind !== undefined)
      throw new Error(`${path} has ${kind} and would be uploaded. Nothing was packed. Take it out of the folder.`);
  }
}

function kindIn(text: string): string | undefined {
  return SECRET_CONTENTS.find(([, pattern]) => pattern.test(text))?.[0];
}
