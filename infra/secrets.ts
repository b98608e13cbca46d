import * as pulumi from "@pulumi/pulumi";

/** Long enough for any of them; without special characters it needs no quoting anywhere. */
const LENGTH = 40;

/**
 * A secret that is made up once and kept, unless the stack's configuration gives one. Another `rotation` makes up a new one.
 * What is given needs no plug-in: @pulumi/random is loaded only when there is something to generate.
 */
export function secretOrGenerated(name: string, given: string | undefined, rotation: string): pulumi.Output<string> {
  if (given !== undefined) return pulumi.secret(given);
  const made = import("@pulumi/random").then(
    ({ RandomPassword }) => new RandomPassword(name, { length: LENGTH, special: false, keepers: { rotation } }).result,
  );
  return pulumi.secret(pulumi.output(made));
}
