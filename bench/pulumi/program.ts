/**
 * The Pulumi program of `bench pulumi`, run by the real engine: nothing (`empty`), no-op dynamic resources (`noop`), or outbound
 * trunks (`trunks`). What and how many is said by the environment, and which properties a trunk has that a no-op resource has, too.
 */
import { dynamic } from "@pulumi/pulumi";

const {
  BENCH_KIND: kind,
  BENCH_COUNT: count,
  BENCH_LIVEKIT_URL: host = "",
  BENCH_DEFAULTS: defaults = "{}",
} = process.env;
const numbers = Array.from({ length: Number(count) }, (_, index) => index);

const inputsOf = (index: number) => ({
  host,
  name: `trunk ${index}`,
  address: `sbc-${index}.example.com`,
  presentedNumbers: [`+4989${100_000 + index}`],
});

/** One for all resources, so that it is serialized once. */
const nothing: dynamic.ResourceProvider = {
  check: async (_olds, inputs) => ({ inputs }),
  diff: async () => ({ changes: false }),
  create: async (outs) => ({ id: "made", outs }),
  read: async (id, props) => ({ id, props }),
  update: async (_id, _olds, outs) => ({ outs }),
  delete: async () => undefined,
};

class Noop extends dynamic.Resource {
  constructor(name: string, inputs: object) {
    super(nothing, name, inputs, undefined, "bench", "Noop");
  }
}

if (kind === "noop")
  for (const index of numbers) new Noop(`object-${index}`, { ...JSON.parse(defaults), ...inputsOf(index) });
if (kind === "trunks") {
  const { SipOutboundTrunk } = await import("@trunkline/providers");
  for (const index of numbers) new SipOutboundTrunk(`object-${index}`, inputsOf(index));
}
