import type { dynamic } from "@pulumi/pulumi";

/**
 * The part of a dynamic resource that Pulumi serializes into the state. It captures one string, the kind, and no logic:
 * each method asks the installed package for the code of this checkout, so that refresh and destroy never run old code.
 *
 * FROZEN: this text, the package's name, `dispatch`, the kinds and the method names are in every state ever written.
 * Keep this file free of imports that are used at run time: whatever a method refers to is captured by value.
 */
export function stub(kind: string): dynamic.ResourceProvider {
  return {
    check: async (olds, news) => require("@trunkline/providers").dispatch(kind).check(olds, news),
    diff: async (id, olds, news) => require("@trunkline/providers").dispatch(kind).diff(id, olds, news),
    create: async (inputs) => require("@trunkline/providers").dispatch(kind).create(inputs),
    read: async (id, props) => require("@trunkline/providers").dispatch(kind).read(id, props),
    update: async (id, olds, news) => require("@trunkline/providers").dispatch(kind).update(id, olds, news),
    delete: async (id, props) => require("@trunkline/providers").dispatch(kind).delete(id, props),
  };
}
