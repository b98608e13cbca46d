/** One service under load. */
export interface Variant {
  what: string;
  file: string;
  /** Who answers for LiveKit: its real server (and its SIP service), a stub that is as slow, or nobody, for nothing is asked. */
  livekit: "real" | "real and SIP" | "stub" | "none";
  /** At most so many requests: LiveKit has to place a call for each. */
  mostRequests?: number;
  env?: Record<string, string>;
}

export type VariantName = "ours" | "bare" | "original" | "oursStubbed" | "originalStubbed" | "oursAlone";
type Variants = Record<VariantName, Variant>;

const MIDDLEWARE = "bench/webhook/ours.ts";

export const VARIANTS: Variants = {
  ours: { what: "the middleware", file: MIDDLEWARE, livekit: "real" },
  bare: { what: "a bare Fastify route, the same CreateRoom", file: "bench/webhook/bare.ts", livekit: "real" },
  original: {
    what: "Express, room and participant in sequence",
    file: "bench/webhook/original.ts",
    livekit: "real and SIP",
    mostRequests: 500,
  },
  oursStubbed: { what: "the middleware", file: MIDDLEWARE, livekit: "stub" },
  originalStubbed: {
    what: "Express, room and participant in sequence",
    file: "bench/webhook/original.ts",
    livekit: "stub",
  },
  oursAlone: { what: "the middleware, no call out", file: MIDDLEWARE, livekit: "none", env: { BENCH_STUB: "rooms" } },
};
export const NAMES = Object.keys(VARIANTS) as VariantName[];
