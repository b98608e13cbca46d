import type * as pulumi from "@pulumi/pulumi";
import { DeclaredResource } from "../dynamic/declared.ts";

interface RowDeclaration {
  provider: pulumi.dynamic.ResourceProvider;
  inputs: pulumi.Inputs;
  options: pulumi.CustomResourceOptions;
  secrets?: string[];
  type: string;
}

/** A row of Jambonz as the program declares it. */
export class JambonzRow extends DeclaredResource {
  declare readonly sid: pulumi.Output<string>;

  constructor(resourceName: string, { inputs, ...declaration }: RowDeclaration) {
    const all = { sid: undefined, ownerSid: undefined, found: undefined, ...inputs };
    super(resourceName, { ...declaration, inputs: all, module: "jambonz" }, { name: resourceName });
    this.sid = this.sameAsId(this.sid);
  }
}
