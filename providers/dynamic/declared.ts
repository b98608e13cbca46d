import * as pulumi from "@pulumi/pulumi";
import type { DeclaredOptions } from "./options.ts";
import type { Plain } from "./plain.ts";

/** The arguments of a resource as its class passes them on. */
interface Declaration {
  provider: pulumi.dynamic.ResourceProvider;
  inputs: pulumi.Inputs;
  options: pulumi.CustomResourceOptions;
  /** Outputs that the state keeps encrypted. */
  secrets?: string[];
  module: string;
  type: string;
}

/**
 * A resource of ours. Pulumi hands its options to the engine, which tells dynamic providers nothing of them: those that a provider has to
 * follow go along as an input.
 */
export class DeclaredResource extends pulumi.dynamic.Resource {
  /** @param known the resource's name, where no input says it */
  constructor(resourceName: string, declaration: Declaration, known: { name?: string } = {}) {
    const { provider, inputs, options, secrets = [], module, type } = declaration;
    refuseImport(options, type);
    const { retainOnDelete, ...others } = options;
    const { customTimeouts } = others;
    const followed = { ...known, customTimeouts, retainOnDelete: retainOnDelete === true ? retainOnDelete : undefined };
    // A replacement shows the provider the old instance before the new one, whatever the program says: nothing is deleted (replacement.ts).
    const order = { deleteBeforeReplace: true, additionalSecretOutputs: secrets };
    super(provider, resourceName, { ...inputs, ...input(followed) }, pulumi.mergeOptions(others, order), module, type);
  }

  /** An output that equals the id. An update in place previews outputs as unknown, but not the id. */
  protected sameAsId(output: pulumi.Output<string>): pulumi.Output<string> {
    return pulumi.runtime.isDryRun() ? this.id : output;
  }
}

/** Pulumi reads what it imports, or only looks at (`id`), through code that only a state has: it would fail with a stack trace. */
function refuseImport(options: pulumi.CustomResourceOptions, type: string): void {
  const option = (["import", "id"] as const).find((name) => options[name] !== undefined);
  if (option === undefined) return;
  throw new pulumi.RunError(
    `IMPORT_UNSUPPORTED: Pulumi cannot ${option === "id" ? "read" : "import"} a ${type}. Remove the option \`${option}\`; trunks, rules and rows of Jambonz are taken over with the argument \`adopt\`.`,
  );
}

function input(options: DeclaredOptions): { options?: Plain } {
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  return said.length === 0 ? {} : { options: Object.fromEntries(said) };
}
