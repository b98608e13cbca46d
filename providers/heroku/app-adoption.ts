import * as pulumi from "@pulumi/pulumi";
import { own } from "@trunkline/contract";
import { z } from "zod";
import { appName } from "../deploy/fields.ts";
import { adoptionChanges } from "../dynamic/adopting.ts";
import { DeclaredResource } from "../dynamic/declared.ts";
import { type Handler, type InputsOf, pick } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import { containsUnknown } from "../dynamic/unknown.ts";
import { configVarsOf } from "./config-vars.ts";

/** The config vars of an app that somebody else has made, before they are written. */
export interface HerokuAppAdoptionArgs {
  /** The app's name. Its key comes from HEROKU_API_KEY. */
  app: pulumi.Input<string>;
  /** What would be written, by name. */
  vars: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** The same, never shown. */
  secretVars: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Names in `vars` of values that nobody has said: where the app has another one, it is kept. */
  unsaid: string[];
}

const vars = z.record(z.string(), z.string()).optional();
const fields = {
  app: appName,
  vars,
  secretVars: vars,
  unsaid: z.array(z.string()).optional(),
  adopting: z.record(z.string(), z.string()).optional(),
  kept: z.array(z.string()).optional(),
} as const;

type Inputs = InputsOf<typeof fields>;

const provider = stub("heroku:AppAdoption");

/**
 * What the adoption of an app changes in its config vars, old → new, under `adopting` in the preview, and which of them it keeps. Looked at
 * once, before the first change; later that is history. Changes nothing by itself. Request: GET /apps/NAME/config-vars.
 * Errors: MISSING_CREDENTIALS, API_UNREACHABLE, API_REFUSED, ANSWER_INVALID.
 *
 * @example
 * ```ts
 * import { HerokuAppAdoption } from "@trunkline/providers";
 *
 * const { kept } = new HerokuAppAdoption("middleware", {
 *   app: "my-middleware",
 *   vars: { LIVEKIT_URL: "wss://example.livekit.cloud", ANNOUNCEMENT: "You are talking to a machine." },
 *   secretVars: {},
 *   unsaid: ["ANNOUNCEMENT"],
 * });
 * export const announcementStays = kept.apply((names) => names.includes("ANNOUNCEMENT"));
 * ```
 */
export class HerokuAppAdoption extends DeclaredResource {
  /** Names in `unsaid` that the app had with another value: not to be written. */
  declare readonly kept: pulumi.Output<string[]>;

  constructor(
    resourceName: string,
    { secretVars, ...args }: HerokuAppAdoptionArgs,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const inputs = { adopting: undefined, kept: undefined, ...args, secretVars: pulumi.secret(secretVars) };
    super(resourceName, { provider, inputs, options, module: "heroku", type: "AppAdoption" });
  }
}

/** How it is done. Called by the dispatcher. */
export const herokuAppAdoption: Handler<Inputs, Inputs> = {
  fields,
  replaceOn: ["app"],
  identity: ({ app }) => app,
  carry: (inputs, { app, adopting, kept }) => (inputs.app === app ? { ...inputs, adopting, kept } : inputs),

  /** The values themselves are in the app and its resource: they are no part of this one's state. */
  async show({ app, vars = {}, secretVars = {}, unsaid = [] }, olds) {
    const { app: before, adopting, kept } = olds as Partial<Inputs>;
    if (before === app) return { app, adopting, kept };
    if (containsUnknown(app)) return { app };
    const found = await configVarsOf(app);
    const isKept = (name: string) => {
      const [old, wanted] = [own(found, name), own(vars, name)];
      return unsaid.includes(name) && old !== undefined && wanted !== undefined && old !== wanted;
    };
    const [all, secrets] = [{ ...vars, ...secretVars }, Object.keys(secretVars)];
    const names = Object.keys(all).filter((name) => !isKept(name));
    return { app, adopting: adoptionChanges(found, all, names, secrets), kept: Object.keys(vars).filter(isKept) };
  },

  create: async (inputs) => ({ id: inputs.app, outs: inputs }),
  read: async (_id, state) => ({ props: state, inputs: pick<Inputs>(state, fields) }),
  update: async (_id, _state, inputs) => inputs,
  async delete() {
    // There is nothing.
  },
};
