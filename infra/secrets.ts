import * as pulumi from "@pulumi/pulumi";

/** Long enough for any of them; without special characters it needs no quoting anywhere. */
const LENGTH = 40;
/** As long as Jambonz' column. */
const WEBHOOK_SECRET_LENGTH = 36;

/**
 * A secret that is made up once and kept, unless the stack's configuration gives one. Another `rotation` makes up a new one.
 * What is given needs no plug-in: @pulumi/random is loaded only when there is something to generate.
 */
export function secretOrGenerated(name: string, given: string | undefined, rotation: string): pulumi.Output<string> {
  if (given !== undefined) return pulumi.secret(given);
  return generated(name, LENGTH, rotation);
}

/** The secret of each generation is a resource of its own: the one before is known as long as it may be in use. */
export function webhookSecretOf(generation: number): pulumi.Output<string> {
  return generated(`webhook-secret-${generation}`, WEBHOOK_SECRET_LENGTH, String(generation));
}

function generated(name: string, length: number, rotation: string): pulumi.Output<string> {
  const made = import("@pulumi/random").then(
    ({ RandomPassword }) => new RandomPassword(name, { length, special: false, keepers: { rotation } }).result,
  );
  return pulumi.secret(pulumi.output(made));
}
