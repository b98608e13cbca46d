import { randomUUID } from "node:crypto";
import autocannon from "autocannon";
import { signatureHeader } from "../../sandbox/jambonz/webhooks/signer.ts";

/** What a service answered to one load. */
export interface Volley {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Anything but 200. */
  failed: number;
}

export interface Target {
  port: number;
  secret: string;
  connections: number;
  requests: number;
}

/** Signed webhooks of new calls, each with a call_sid of its own, as fast as the answers come. */
export async function fire({ port, secret, connections, requests }: Target): Promise<Volley> {
  const { result, seconds } = await answered({
    url: `http://127.0.0.1:${port}`,
    connections,
    amount: requests,
    requests: [
      { method: "POST", path: "/livekit-api", setupRequest: (request) => ({ ...request, ...webhook(secret) }) },
    ],
  });
  const { errors, timeouts, non2xx, latency } = result;
  return {
    perSecond: Math.round(requests / seconds),
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    failed: errors + timeouts + non2xx,
  };
}

/** To the last answer: autocannon's own duration is of whole seconds. */
function answered(options: autocannon.Options): Promise<{ result: autocannon.Result; seconds: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let last = started;
    const load = autocannon(options, (error: Error | null, result) =>
      error ? reject(error) : resolve({ result, seconds: (last - started) / 1_000 }),
    );
    load.on("response", () => {
      last = performance.now();
    });
  });
}

function webhook(secret: string): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify(newCall());
  return { body, headers: { "content-type": "application/json", "jambonz-signature": signatureHeader(body, secret) } };
}

/** As large as jambonz's: the INVITE goes with it. */
function newCall(): object {
  const headers = {
    via: "SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK4c1b6a2f",
    from: '"Caller" <sip:+4930123456@192.0.2.1>;tag=9c1f',
    to: "<sip:+4989654321@sbc.example.com>",
    "call-id": randomUUID(),
    cseq: "102 INVITE",
    contact: "<sip:+4930123456@192.0.2.1:5060>",
    "content-type": "application/sdp",
    "X-Carrier": "Schmidtkom",
  };
  const raw = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\r\n");
  return {
    call_sid: randomUUID(),
    account_sid: randomUUID(),
    application_sid: randomUUID(),
    direction: "inbound",
    from: "+4930123456",
    to: "+4989654321",
    call_status: "trying",
    sip_status: 100,
    originating_sip_ip: "192.0.2.1",
    originating_sip_trunk_name: "Schmidtkom",
    sip: {
      method: "INVITE",
      uri: "sip:+4989654321@sbc.example.com",
      headers,
      raw,
      body: "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n",
    },
  };
}
