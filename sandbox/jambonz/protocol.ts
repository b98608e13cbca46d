/**
 * The JSON lines protocol between the SIP edge (Go, sandbox/jambonz/edge) and the feature server (TypeScript):
 * one object a line, commands on the edge's stdin, events on its stdout. A leg is one SIP dialog; the edge names
 * inbound legs (`in-1`), the `invite` command names outbound ones.
 */

/** Goes up when commands or events change their meaning; sandbox/jambonz/edge/protocol.go has the same. */
export const PROTOCOL_VERSION = 2;

/** One header as the sender wrote it: spelling, order and repetitions are kept. */
export type HeaderPair = readonly [name: string, value: string];

/** Who a From or To header names; `display` and `user` are empty where the header has none. */
interface SipParty {
  user: string;
  host: string;
  display: string;
  uri: string;
}

export type SipTransport = "udp" | "tcp";
type Codec = "PCMA" | "PCMU" | "G722";

/** Part of a `play`. Tones are sums of `hz` (each 1–3900), `ms` ≥ 1, `level` in dBm0 (default -15). */
export type PlaySegment =
  | { kind: "tone"; hz: number[]; ms: number; level?: number }
  | { kind: "silence"; ms: number }
  /** A file: 8 kHz, mono, 16 bit, in base64. */
  | { kind: "samples"; pcm: string; ms: number };

export interface DigestCredentials {
  username: string;
  password: string;
}

/** What the edge is told. `headers` are added to the message as they are. */
export type EdgeCommand =
  /** Challenges the INVITE with 401 (MD5, qop=auth). Then `authenticated`, or the edge declines with 403 itself. */
  | { command: "authenticate"; leg: string; realm: string; users: Record<string, string> }
  /** 1xx of an inbound leg; `withMedia` sends the SDP answer with it, after which `play` is heard early. */
  | { command: "progress"; leg: string; status: number; withMedia?: boolean }
  | { command: "answer"; leg: string }
  | { command: "decline"; leg: string; status: number; reason?: string; headers?: Record<string, string> }
  /** BYE, CANCEL or a final answer, whichever the leg's state needs. */
  | { command: "hangup"; leg: string; headers?: Record<string, string> }
  | InviteCommand
  /** Replaces what is being played. `play` names it in the `played` event; with `loop` it plays until stopped. */
  | { command: "play"; leg: string; play: string; segments: PlaySegment[]; loop?: boolean }
  | { command: "stop"; leg: string }
  /** RTP both ways, transcoded where the codecs differ, in packets of 20 ms; ends plays on both legs and earlier bridges of either. */
  | { command: "bridge"; a: string; b: string }
  | { command: "unbridge"; a: string; b: string }
  /** What this leg's remote sends, as 8 kHz mono 16-bit WAV; complete when the leg has ended. */
  | { command: "record"; leg: string; file: string }
  /** Whether REFERs of this leg are answered 202 (and reported) or 501 (the default). */
  | { command: "refer"; leg: string; answer: "accept" | "refuse" };

/** Starts an outbound leg. The edge answers 401/407 by itself; the sender of the command owns the time-out. */
interface InviteCommand {
  command: "invite";
  /** The new leg's id; must not be in use. */
  leg: string;
  /** Request URI. */
  uri: string;
  /** `host:port` the request is sent to, whatever the URI says. */
  destination: string;
  /** Default `udp`. */
  transport?: SipTransport;
  from: { user: string; display?: string };
  headers?: Record<string, string>;
  auth?: DigestCredentials;
  /** Offered in this order; default PCMU, PCMA, G722, as FreeSWITCH does (read: feature-server lib/session/call-session.js) (seen live: jambonz-live, section 8). */
  codecs?: Codec[];
}

/** An INVITE has arrived; the edge has sent 100 and handles repetitions and ACKs itself. */
export interface InviteEvent {
  event: "invite";
  leg: string;
  sipCallId: string;
  /** Request URI. */
  uri: string;
  from: SipParty;
  to: SipParty;
  headers: HeaderPair[];
  /** The whole message. */
  raw: string;
  sdp: string;
  /** `ip:port` of the sender. */
  source: string;
  transport: SipTransport;
}

/** What the edge tells. */
export type EdgeEvent =
  | { event: "ready"; port: number; protocol: number }
  | InviteEvent
  | { event: "authenticated"; leg: string; username: string }
  /** 1xx of an outbound leg (above 100). */
  | { event: "progress"; leg: string; status: number; reason: string }
  /** Outbound: 200 received and ACKed. Inbound: ACK received. */
  | { event: "answered"; leg: string; sipCallId: string; codec: Codec }
  /** An outbound leg's final answer ≥ 300; 408 if nothing answered, 487 after `hangup`. Nothing follows for this leg. */
  | { event: "failed"; leg: string; sipCallId: string; status: number; reason: string }
  /** Exactly once per inbound leg, and once per outbound leg that was answered. */
  | { event: "ended"; leg: string; by: "remote" | "local" | "cancel" }
  | { event: "dtmf"; leg: string; digit: string }
  | { event: "refer"; leg: string; referTo: string; headers: HeaderPair[] }
  /** A `play` has come to its end by itself. */
  | { event: "played"; leg: string; play: string }
  /** The first RTP packet from the remote. */
  | { event: "media"; leg: string; first: true }
  /** A command that could not be done; `command` is its name, `leg` the leg it was for, if any. */
  | { event: "error"; command: string; leg?: string; message: string };
