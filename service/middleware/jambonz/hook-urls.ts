import type { FastifyRequest } from "fastify";

/** Where jambonz is to send a call's later webhooks. */
export interface HookUrls {
  /** Where this service is, as jambonz reached it. */
  readonly origin: string;
  readonly wait: string;
  readonly queueLeft: string;
  readonly dialDone: string;
  readonly fallbackDone: string;
  readonly refer: string;
  /** A file was played, or not. */
  readonly spoken: string;
}

/** The hooks of a caller who was moved so often: those of what was cut by that still come. */
export function hooksAfterMove(hooks: HookUrls, moves: number): HookUrls {
  const marked = (url: string) => url.replace("#", `?moves=${moves}#`);
  return { ...hooks, wait: marked(hooks.wait), queueLeft: marked(hooks.queueLeft), dialDone: marked(hooks.dialDone) };
}

/** How often the caller had been moved when jambonz was told to ask this. */
export function movesBefore({ query }: FastifyRequest): number {
  const { moves } = query as { moves?: unknown };
  return typeof moves === "string" ? Number(moves) : 0;
}

/** Relative: jambonz takes it from the origin of the application's hook. Asked once, of a caller who is asked for again. */
export const RESCUE_PATH = "/livekit-api/rescue";

/** One failed wait hook would leave the caller in silence for ever: jambonz repeats it, whatever went wrong. */
const WITH_RETRIES = "#rc=5&rp=all";

/**
 * Absolute addresses: of a relative one jambonz sends the retry fragment on the wire (`/wait#rc=5`), which not every
 * router in between takes (jambonz-feature-server lib/utils/http-requestor.js).
 */
export function hookUrls(origin: string): HookUrls {
  return {
    origin,
    wait: `${origin}/livekit-api/wait${WITH_RETRIES}`,
    queueLeft: `${origin}/livekit-api/queue-left${WITH_RETRIES}`,
    dialDone: `${origin}/livekit-api/dial-done${WITH_RETRIES}`,
    fallbackDone: `${origin}/livekit-api/fallback-done${WITH_RETRIES}`,
    refer: `${origin}/livekit-api/refer`, // a REFER is being answered meanwhile: no time for repetitions
    spoken: `${origin}/livekit-api/spoken`, // the caller waits in silence for its answer
  };
}

/** The hooks of a call go where its webhook went: to the origin under which jambonz reached us. */
export function hooksOf(request: FastifyRequest): HookUrls {
  return hookUrls(originOf(request));
}

function originOf(request: FastifyRequest): string {
  const forwarded = String(request.headers["x-forwarded-proto"] ?? "").split(",")[0];
  const protocol = forwarded === "https" || forwarded === "http" ? forwarded : request.protocol;
  return `${protocol}://${request.host}`;
}
