import * as pulumi from "@pulumi/pulumi";
import type { Mark } from "./marks.ts";

/** What backends without organizations answer (@pulumi/pulumi, getOrganization). */
const NO_ORGANIZATION = "organization";

/**
 * The mark of a resource of the program that runs.
 * @param stackId the guard's `stackId`; without it the names of project and stack are the identity
 */
export function ownMark(resourceName: string, stackId?: pulumi.Input<string | undefined>): pulumi.Input<Mark> {
  const organization = organizationOf();
  const names = { project: pulumi.getProject(), stack: pulumi.getStack(), name: resourceName };
  const people = organization === undefined ? names : { organization, ...names };
  return stackId === undefined
    ? people
    : pulumi.output(stackId).apply((id) => (id === undefined ? people : { stackId: id, ...people }));
}

function organizationOf(): string | undefined {
  try {
    const organization = pulumi.getOrganization();
    return organization === NO_ORGANIZATION ? undefined : organization;
  } catch {
    return undefined; // the engine does not say it
  }
}
