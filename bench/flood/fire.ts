import autocannon from "autocannon";
import { signatureHeader } from "../../sandbox/jambonz/webhooks/signer.ts";

export interface Fired {
  sent: number;
  perSecond: number;
  /** Answered 200. */
  ok: number;
  /** Answers by status. */
  statuses: Record<string, number>;
  p50Ms: number;
  p99Ms: number;
  longestMs: number;
}

interface Shots {
  port: number;
  seconds: number;
  perSecond: number;
  requests: autocannon.Request[];
  /** Threads of their own, so that one load does not delay the measurement of another. */
  workers?: number;
}

const CONNECTIONS = 20;

/** Sends at this rate, whatever the answers take. */
export async function fireAt({ port, seconds, perSecond, requests, workers }: Shots): Promise<Fired> {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections: CONNECTIONS,
    duration: seconds,
    overallRate: perSecond,
    requests,
    ...(workers !== undefined && { workers }),
  });
  const statuses = Object.entries(result.statusCodeStats ?? {}).map(([code, { count }]) => [code, count ?? 0] as const);
  const answered = statuses.reduce((sum, [, count]) => sum + count, 0);
  const { p50, p99, max } = result.latency;
  return {
    sent: answered + result.errors,
    perSecond: Math.round(answered / result.duration),
    ok: result.statusCodeStats?.["200"]?.count ?? 0,
    statuses: Object.fromEntries(statuses),
    ...{ p50Ms: p50, p99Ms: p99, longestMs: max },
  };
}

/** The hook of a caller who waits. */
export function signed(secret: string): autocannon.Request[] {
  const body = JSON.stringify({ call_sid: "11111111-0000-4000-8000-000000000001" });
  const headers = { "content-type": "application/json", "jambonz-signature": signatureHeader(body, secret) };
  return [{ method: "POST", path: "/livekit-api/wait", body, headers }];
}

/** What comes from elsewhere: without a signature, with a wrong one, and what bots ask for. */
export function unsigned(): autocannon.Request[] {
  const body = JSON.stringify({ call_sid: "x".repeat(1_000) });
  const json = { "content-type": "application/json" };
  const wrong = `t=${Math.floor(Date.now() / 1_000)},v1=${"0".repeat(64)}`;
  return [
    { method: "POST", path: "/livekit-api/wait", body, headers: json },
    { method: "POST", path: "/livekit-api", body, headers: { ...json, "jambonz-signature": "v1=00" } },
    { method: "POST", path: "/livekit-api", body, headers: { ...json, "jambonz-signature": wrong } },
    { method: "GET", path: "/.env" },
  ];
}
