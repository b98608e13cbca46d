import { comparableNumber } from "@trunkline/contract";
import type { CallContext } from "@trunkline/shared";
import type { Act } from "../host/room-actions.ts";

/** A transfer that did not come about; the caller is still with the agent. */
export class TransferError extends Error {
  readonly code: "TRANSFER_NOT_DECLARED" | "TRANSFER_FAILED";

  constructor(code: TransferError["code"], message: string) {
    super(message);
    this.name = "TransferError";
    this.code = code;
  }
}

export interface TransferParts {
  call: CallContext;
  /** The caller's participant identity. */
  identity: string;
  /** The declared targets: nothing else is ever dialled, whatever a caller or a model says. */
  targets: readonly string[];
  act: Act;
}

/**
 * Hands the caller to a declared number with a SIP REFER. jambonz refuses a REFER without Referred-By on the legs LiveKit answers
 * (jambonz-feature-server lib/session/call-session.js: 501), and LiveKit sends none of its own.
 * @param target one of `targets`, in any spelling with a country code
 * @throws TransferError; the conversation goes on.
 */
export async function transfer(target: string, { call, identity, targets, act }: TransferParts): Promise<void> {
  const declared = targets.find((one) => comparableNumber(one) === comparableNumber(target));
  if (declared === undefined)
    throw new TransferError("TRANSFER_NOT_DECLARED", "The target is not declared. Add it to TRANSFER_TARGETS.");
  const headers = { "Referred-By": `<tel:${call.called}>`, "X-Call-Id": call.callId };
  try {
    await act({ name: "transfer", identity, to: `tel:${declared}`, headers });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TransferError("TRANSFER_FAILED", `The target did not take the call: ${reason}`);
  }
}
