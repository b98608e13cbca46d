/**
 * The Pulumi program of `bench pulumi`, run by the real engine: nothing (`empty`), no-op dynamic resources (`noop`), or outbound
 * trunks (`trunks`), with the same inputs. What and how many is said by the environment.
 */
import { dynamic, type ID } from "@pulumi/pulumi";

const { BENCH_KIND: kind, BENCH_COUNT: count, BENCH_LIVEKIT_URL: host = "" } = process.env;
const numbers = Array.from({ length: Number(count) }, (_, index) => index);

const inputsOf = (index: number) => ({
  host,
  name: `trunk ${index}`,
  address: `sbc-${index}.example.com`,
  presentedNumbers: [`+4989${100_000 + index}`],
});

class Noop extends dynamic.Resource {
  constructor(name: string, inputs: object) {
    super({ create: async (outs: object) => ({ id: name as ID, outs }) }, name, inputs, undefined, "bench", "Noop");
  }
}

if (kind === "noop") for (const index of numbers) new Noop(`object-${index}`, inputsOf(index));
if (kind === "trunks") {
  const { SipOutboundTrunk } = await import("@trunkline/providers");
  for (const index of numbers) new SipOutboundTrunk(`object-${index}`, inputsOf(index));
}
