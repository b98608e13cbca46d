import type * as pulumi from "@pulumi/pulumi";
import { looseJson, reasonOf, send, shortReason } from "@trunkline/contract/outgoing";
import { z } from "zod";
import { DeclaredResource } from "../dynamic/declared.ts";
import type { Handler, InputsOf } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import { appName, buildHash, limitSeconds } from "./fields.ts";
import { readyCheck } from "./ready-check.ts";
import type { Look } from "./wait.ts";

const REQUEST_TIMEOUT_MS = 10_000;
const LONGEST_BODY = 65_536;

/** What has to answer before callers are sent there. */
export interface ServiceReadyArgs {
  /** The service's address; `/readyz` is below it. */
  url: pulumi.Input<string>;
  /** The content hash of the build that has to answer. */
  buildHash: pulumi.Input<string>;
  /** The outbound trunk it has to work with, `ST_…`. */
  trunkId: pulumi.Input<string>;
  /** The Heroku app, for the command in an error. */
  app: pulumi.Input<string>;
  /** How long it may take: 1 to 1800 s, default 300. */
  limitSeconds?: pulumi.Input<number>;
}

const fields = {
  url: z.url({ protocol: /^https?$/, error: "is no address" }),
  buildHash,
  trunkId: z.string().regex(/^ST_/, "is no id of a trunk (ST_…)"),
  app: appName,
  limitSeconds,
} as const;

type Inputs = InputsOf<typeof fields>;

/** The part of `/readyz` that says what runs. */
const answerSchema = z.object({ build: z.string(), trunkId: z.string() });

const provider = stub("deploy:ServiceReady");

/**
 * A deployment is done when the service itself says that it is this build with this trunk: `GET /readyz` answers 200 with both,
 * three times in a row. What depends on this resource is not touched before. Another build or trunk than the declared one is drift.
 * Errors: NOT_READY, with what `/readyz` said last.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { ServiceReady } from "@trunkline/providers";
 *
 * const config = new pulumi.Config();
 *
 * new ServiceReady("hooks", {
 *   url: "https://hooks.example.com",
 *   buildHash: config.require("hooksBuild"),
 *   trunkId: config.require("trunkId"),
 *   app: "hooks",
 * });
 * ```
 */
export class ServiceReady extends DeclaredResource {
  declare readonly buildHash: pulumi.Output<string>;
  declare readonly trunkId: pulumi.Output<string>;

  constructor(resourceName: string, args: ServiceReadyArgs, options: pulumi.CustomResourceOptions = {}) {
    super(resourceName, { provider, inputs: { ...args }, options, module: "deploy", type: "ServiceReady" });
  }
}

/** How it is done. Called by the dispatcher. A service that does not answer is another build, too: `up --refresh` then waits for it. */
export const serviceReady: Handler<Inputs, Inputs> = readyCheck<Inputs>({
  fields,
  inARow: 3,
  wanted: ({ buildHash: build, trunkId }) => `build ${build} and trunk ${trunkId}`,
  look: lookAt,
  live: ({ url }) => liveVersions(url),
});

async function lookAt({ url, buildHash: wantedBuild, trunkId }: Inputs): Promise<Look> {
  const { status, body } = await ask(url);
  if (status === undefined) return { isReady: false, found: `${readyUrl(url)} did not answer (${body})` };
  const answer = parse(body);
  const isWanted = status === 200 && answer?.build === wantedBuild && answer.trunkId === trunkId;
  return isWanted
    ? { isReady: true }
    : { isReady: false, found: `${readyUrl(url)} answered ${status} ${shortReason(body)}` };
}

async function liveVersions(url: string): Promise<{ buildHash: string; trunkId: string }> {
  const { body } = await ask(url);
  const answer = parse(body);
  return { buildHash: answer?.build ?? "(no answer)", trunkId: answer?.trunkId ?? "(no answer)" };
}

async function ask(base: string): Promise<{ status?: number; body: string }> {
  try {
    const deadlineMs = REQUEST_TIMEOUT_MS;
    const url = new URL(readyUrl(base));
    // Nothing secret is sent, so a redirect to https may be followed.
    const answer = await send(url, { method: "GET", deadlineMs, longestBytes: LONGEST_BODY, redirect: "follow" });
    return { status: answer.status, body: answer.text };
  } catch (cause) {
    return { body: reasonOf(cause) };
  }
}

function parse(body: string): z.output<typeof answerSchema> | undefined {
  return answerSchema.safeParse(looseJson(body)).data;
}

function readyUrl(url: string): string {
  return new URL("readyz", url.endsWith("/") ? url : `${url}/`).href;
}
