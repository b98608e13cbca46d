import { type Audio, audioOf } from "./sdp.ts";
import type { TracedMessage } from "./sipp-trace.ts";

export type CallerEventName = "invite" | "ringing" | "answered" | "first_audio" | "bye";

/** `at` in epoch ms. */
export interface CallerEvent {
  event: CallerEventName;
  at: number;
}

/** What a call's signalling has come to. */
export interface CallState {
  sipCallId: string;
  answered: boolean;
  /** Of the last final answer to an INVITE; 0 before. */
  finalStatus: number;
  reason: string;
  endedBy: "caller" | "callee" | undefined;
  /** What the callee's last SDP says about its audio. */
  audio: Audio | undefined;
  timeline: CallerEvent[];
}

/** Follows a call's messages; tells each step once, and where the callee wants its audio. */
export class CallLog {
  readonly state: CallState = {
    sipCallId: "",
    answered: false,
    finalStatus: 0,
    reason: "",
    endedBy: undefined,
    audio: undefined,
    timeline: [],
  };
  readonly #onEvent: (event: CallerEvent) => void;
  readonly #onAudio: (audio: Audio) => void;

  constructor(onEvent: (event: CallerEvent) => void, onAudio: (audio: Audio) => void) {
    this.#onEvent = onEvent;
    this.#onAudio = onAudio;
  }

  /** Notes a step, the first time it happens. */
  note(event: CallerEventName, at: number): void {
    if (this.state.timeline.some((noted) => noted.event === event)) return;
    const noted = { event, at };
    this.state.timeline.push(noted);
    this.state.timeline.sort((a, b) => a.at - b.at);
    this.#onEvent(noted);
  }

  at(event: CallerEventName): number | undefined {
    return this.state.timeline.find((noted) => noted.event === event)?.at;
  }

  add(message: TracedMessage): void {
    if (message.method === "INVITE" && message.direction === "sent") {
      this.state.sipCallId = message.callId;
      this.note("invite", message.at);
    }
    if (message.method === "BYE") this.#ended(message);
    if (message.status !== undefined && message.direction === "received" && message.cseqMethod === "INVITE")
      this.#answer(message, message.status);
  }

  #ended(message: TracedMessage): void {
    this.state.endedBy ??= message.direction === "sent" ? "caller" : "callee";
    this.note("bye", message.at);
  }

  #answer(message: TracedMessage, status: number): void {
    const audio = status < 300 ? audioOf(message.body) : undefined;
    if (audio) {
      this.state.audio = audio;
      this.#onAudio(audio);
    }
    if (status > 100 && status < 200) this.note("ringing", message.at);
    if (status < 200) return;
    this.state.finalStatus = status;
    this.state.reason = message.reason ?? "";
    if (status >= 300) return;
    this.state.answered = true;
    this.note("answered", message.at);
  }
}
