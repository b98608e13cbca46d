import * as pulumi from "@pulumi/pulumi";
import type { Mark } from "./marks.ts";

/** The mark of a resource of the program that runs. */
export function ownMark(resourceName: string): Mark {
  return { project: pulumi.getProject(), stack: pulumi.getStack(), name: resourceName };
}
