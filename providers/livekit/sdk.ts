import { createRequire } from "node:module";

type Sdk = typeof import("livekit-server-sdk");

const load = createRequire(import.meta.url);

/**
 * LiveKit's SDK, loaded at its first use: a preview or an update without changes needs nothing of it, and would wait for it twice, 0.2 s each, in
 * the program and in the process that Pulumi starts for its resources (`npm run bench -- pulumi`).
 */
export function sdk(): Sdk {
  return load("livekit-server-sdk") as Sdk;
}
