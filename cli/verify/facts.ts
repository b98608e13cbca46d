import { z } from "zod";
import { mediaFromLiveKit } from "../../providers/livekit/media.ts";
import type { SipProject } from "../livekit/project.ts";
import { plainOutput } from "../ticket/state.ts";

/** The stack's output `services`, as `pulumi stack export --show-secrets` writes a secret, or plain. */
const services = z.object({ middleware: z.record(z.string(), z.string()) });

/** The middleware's variables of a stack; empty where nothing says them. */
export function middlewareVariables(output: unknown): Record<string, string> {
  const plain = services.safeParse(plainOutput(output));
  return plain.success ? plain.data.middleware : {};
}

/** The first number that a transfer may go to. */
export function transferTargetOf({ ALLOWED_TARGETS = "" }: Record<string, string>): string | undefined {
  return ALLOWED_TARGETS.split(",").find((number) => number !== "");
}

/** The codecs of the trunks with these ids, where nothing else may be used on them. */
export function listedCodecsOf({ inboundTrunks, outboundTrunks }: SipProject, ids: readonly unknown[]): string[] {
  const trunks = [...outboundTrunks, ...inboundTrunks].filter(({ sipTrunkId }) => ids.includes(sipTrunkId));
  const media = trunks.map((trunk) => mediaFromLiveKit(trunk as Parameters<typeof mediaFromLiveKit>[0]));
  return [...new Set(media.filter(({ onlyListedCodecs }) => onlyListedCodecs).flatMap(({ codecs }) => codecs))];
}
