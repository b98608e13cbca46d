import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Running, Supervisor } from "../processes/supervisor.ts";
import { type CallerEvent, CallLog, type CallState } from "./call-log.ts";
import { CallerError } from "./caller-error.ts";
import { type Codec, codecOf } from "./codec.ts";
import { FileFollower } from "./follow-file.ts";
import { type RtpCounts, RtpEndpoint } from "./rtp-endpoint.ts";
import { type Audio, type AudioOffer, DEFAULT_PACKET_MS } from "./sdp.ts";
import { callScenario } from "./sipp-scenario.ts";
import { readTrace } from "./sipp-trace.ts";
import { type HeardTone, heardTonesInTurns } from "./tone.ts";
import { writeWav } from "./wav.ts";

export interface PlaceCallOptions {
  /** `host:port` that is called. */
  target: string;
  /** User parts: caller number and called number. */
  from: string;
  to: string;
  /** The caller's voice, from the first SDP of the callee on; 0 is silent. */
  toneHz: number;
  /** Each call gets a folder of its own in it: scenario, SIPp's trace, recordings. Made if missing. */
  folder: string;
  /** How long an answered call is held. With `bye: "callee"` the longest the callee is waited for. */
  holdMs: number;
  headers?: Record<string, string>;
  /** Default PCMA. */
  codec?: Codec;
  /** Default: `codec` alone, with telephone-event, 20 ms. */
  offer?: AudioOffer;
  /** Without a final answer by then the caller sends CANCEL. Default 30000. */
  timeoutMs?: number;
  /** Who is expected to hang up; default `caller`. A callee that hangs up earlier is answered either way. */
  bye?: "caller" | "callee";
  /** Answers one 401 or 407. */
  auth?: { username: string; password: string };
  onEvent?: (event: CallerEvent) => void;
  /** Called once, before the call is placed, with what the caller can do in it. */
  onPhone?: (phone: Phone) => void;
  /** Finds the tones in what was heard; default at once. Under load it may wait until the calls are over: it takes CPU. */
  analyse?: (heard: Int16Array) => Promise<HeardTone[]>;
}

/** What a caller can do while the call goes on. */
export interface Phone {
  /** Sends this tone from now on, in whole Hz; 0 = silence. */
  say(hz: number): void;
  /** Sends this once, 8 kHz; silence after it. */
  speak(samples: Int16Array): void;
  /** Sends no RTP until `say`, as a telephone on hold or one that suppresses silence. */
  hold(): void;
  /** Presses keys, `0123456789*#`, as telephone-events (RFC 4733), 180 ms each. */
  press(keys: string): void;
  /** The keys that the callee has pressed so far. */
  readonly heardKeys: string;
}

export interface CallerReport {
  sipCallId: string;
  answered: boolean;
  /** 200, the status of the refusal, 487 after the caller's CANCEL, 408 where nothing final came at all. */
  finalStatus: number;
  reason?: string;
  /** Who sent BYE first; missing when nobody did. */
  endedBy?: "caller" | "callee";
  sentHz: number;
  /** Dominant tones in what came back, early media included, per 100 ms, merged; ms since the INVITE. */
  heard: HeardTone[];
  /** The keys that the callee has pressed. */
  heardKeys: string;
  /** What the callee's last SDP says about its audio. */
  audio?: Audio;
  /** In the order of time, epoch ms. */
  timeline: CallerEvent[];
  /** WAV, both from the INVITE on. */
  recordings: { sent: string; heard: string };
  rtp: RtpCounts;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** With `bye: "callee"`, the callee is given this much longer than `holdMs` at least. */
const CLOSING_MS = 10_000;

/** Places one call with SIPp and a voice of its own. Returns when the call is over; never later than all its limits. */
export async function placeCall(supervisor: Supervisor, options: PlaceCallOptions): Promise<CallerReport> {
  const id = randomBytes(6).toString("hex");
  const folder = join(options.folder, `call-${id}`);
  await mkdir(folder, { recursive: true });
  const log = new CallLog(
    (event) => {
      if (event.event === "bye") endpoint.fallSilent();
      options.onEvent?.(event);
    },
    ({ host, port, payloadType }) => {
      endpoint.sendTo(host, port, codecOf(payloadType));
    },
  );
  const endpoint = await RtpEndpoint.open({
    toneHz: options.toneHz,
    codec: options.codec ?? "PCMA",
    packetMs: options.offer?.packetMs ?? DEFAULT_PACKET_MS,
    onFirstAudio: (at) => log.note("first_audio", at),
  });
  options.onPhone?.(endpoint);
  try {
    await signal(supervisor, options, { id, folder, log, rtpPort: endpoint.port });
  } finally {
    await endpoint.close();
  }
  return report(options, { id, folder, log }, endpoint);
}

interface Call {
  id: string;
  folder: string;
  log: CallLog;
  rtpPort: number;
}

/** Runs SIPp to its end and feeds its trace to the log while it runs. */
async function signal(supervisor: Supervisor, options: PlaceCallOptions, call: Call): Promise<void> {
  const trace = join(call.folder, "sip.trace");
  let offset = 0;
  const follower = new FileFollower(trace, (data) => {
    const { messages, next } = readTrace(data, offset);
    offset = next;
    for (const message of messages) call.log.add(message);
  });
  try {
    const running = await startSipp(supervisor, options, call, trace);
    await withinLimits(running, options);
  } finally {
    await follower.close();
  }
}

async function startSipp(
  supervisor: Supervisor,
  options: PlaceCallOptions,
  { id, folder, rtpPort }: Call,
  trace: string,
): Promise<Running> {
  const scenario = join(folder, "scenario.xml");
  const { target, from, to, holdMs, headers, auth } = options;
  const xml = callScenario({
    ...{ target, from, to, holdMs, rtpPort, id },
    offer: options.offer ?? { codecs: [options.codec ?? "PCMA"] },
    ringMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...(headers && { headers }),
    ...(auth && { auth }),
  });
  await writeFile(scenario, xml);
  const [port, unusedMedia] = [await freeUdpPort(), nextMediaPort()];
  const args = [
    target,
    "-sf",
    scenario,
    "-m",
    "1",
    "-nostdin",
    "-i",
    "127.0.0.1",
    "-ci",
    "127.0.0.1",
    "-p",
    String(port),
    "-aa",
  ];
  args.push("-mp", String(unusedMedia), "-f", "60");
  args.push("-cid_str", `${id}${randomBytes(6).toString("hex")}@127.0.0.1`, "-trace_msg", "-message_file", trace);
  return supervisor.start({ name: `sipp-${id}`, command: "sipp", args });
}

/** SIPp keeps its limits itself; this one is for a SIPp that hangs. */
async function withinLimits(running: Running, options: PlaceCallOptions): Promise<void> {
  const limit = (options.timeoutMs ?? DEFAULT_TIMEOUT_MS) + options.holdMs + CLOSING_MS;
  const timer = setTimeout(() => void running.stop("SIGKILL"), limit);
  await running.exited;
  clearTimeout(timer);
}

async function report(
  options: PlaceCallOptions,
  { id, folder, log }: Omit<Call, "rtpPort">,
  endpoint: RtpEndpoint,
): Promise<CallerReport> {
  const invitedAt = log.at("invite");
  if (invitedAt === undefined) throw notSent(options, id);
  const heard = endpoint.heard.since(invitedAt);
  const [sentFile, heardFile] = await Promise.all([
    writeWav(join(folder, "sent.wav"), endpoint.sent.since(invitedAt)),
    writeWav(join(folder, "heard.wav"), heard),
  ]);
  return {
    ...outcome(log.state),
    sentHz: options.toneHz,
    heard: await (options.analyse ?? heardTonesInTurns)(heard),
    heardKeys: endpoint.heardKeys,
    ...(log.state.audio && { audio: log.state.audio }),
    timeline: log.state.timeline,
    recordings: { sent: sentFile, heard: heardFile },
    rtp: endpoint.counts,
  };
}

function outcome(
  state: CallState,
): Pick<CallerReport, "sipCallId" | "answered" | "finalStatus" | "reason" | "endedBy"> {
  const { sipCallId, answered, endedBy } = state;
  const silent = state.finalStatus === 0;
  return {
    sipCallId,
    answered,
    finalStatus: silent ? 408 : state.finalStatus,
    reason: silent ? "no final answer" : state.reason,
    ...(endedBy && { endedBy }),
  };
}

function notSent(options: PlaceCallOptions, id: string): CallerError {
  return new CallerError(
    "NOT_SENT",
    `SIPp sent no INVITE to ${options.target} (from ${options.from}, to ${options.to})`,
    `Look into the log of sipp-${id}, and whether \`sipp\` (Debian package sip-tester) can be run.`,
  );
}

const MEDIA_PORTS = { first: 10_000, last: 19_990, perCall: 4 };
let mediaPort = MEDIA_PORTS.first + 4 * Math.floor(Math.random() * 2_000);

/**
 * SIPp binds media sockets of its own, also when a scenario sends no media, and gives up when the first hundred ports
 * from `-mp` on are taken: each call starts its search elsewhere.
 */
function nextMediaPort(): number {
  mediaPort += MEDIA_PORTS.perCall;
  if (mediaPort > MEDIA_PORTS.last) mediaPort = MEDIA_PORTS.first;
  return mediaPort;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
