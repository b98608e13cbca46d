import type { TicketFacts } from "../../../cli/ticket/facts.ts";
import { recorded } from "../drift/recorded/index.ts";

/** A ticket's facts, as of a healthy stack in the flow `dial`, with one call. */
export function ticketFacts(changes: Partial<TicketFacts> = {}): TicketFacts {
  return {
    stack: "dev",
    audience: undefined,
    writtenAt: new Date("2026-11-22T14:05:06Z"),
    support: { stack: "dev", outboundTrunkId: "ST_Eisfb23EoCep", approach: "API-based", versions: { node: "24.21.0" } },
    jambonz: { api: "https://jambonz.example.com", sids: { phoneCarrier: "00000000-1111-2222-3333-444444444444" } },
    middlewareUrl: "https://middleware.example.com",
    removedLegacy: ["ST_vyh3s3s5XnVw"],
    look: { steps: recorded("clean.refresh").steps, differences: [] },
    findings: [],
    causes: [],
    call: {
      id: "abcdefghij-ABCDEFGHIJ",
      state: "ended",
      flow: "dial",
      caller: "+4915112345678",
      called: "+493012345678",
      carrier: "Schmidtkom",
      startedAt: Date.UTC(2026, 10, 22, 14, 0, 0),
      endedAt: Date.UTC(2026, 10, 22, 14, 1, 0),
      agent: { name: "my-telephony-agent", ready: true },
      ids: {
        room: "call-abcdefghij-ABCDEFGHIJ",
        livekitCallId: "SCL_q1w2e3r4t5",
        callSid: "3c1d4b2a-caller",
        legSid: "3c1d4b2a-agent",
        sipCallId: "7f3e@carrier.example.com",
        jambonzTraceId: "0af7651916cd43dd8448eb211c80319c",
      },
      offeredCodecs: ["PCMA", "telephone-event"],
      outcome: "agent",
      reason: "completed",
      timeline: [
        { event: "webhook.received", at: Date.UTC(2026, 10, 22, 14, 0, 0) },
        { event: "agent.ready", at: Date.UTC(2026, 10, 22, 14, 0, 0, 850) },
      ],
    },
    log: undefined,
    missing: [],
    ...changes,
  };
}
