/** Something that happened to a call, told by whichever part of the system saw it. All on one machine: one clock. */
export interface SeenEvent {
  /** Epoch ms. */
  at: number;
  source: "caller" | "jambonz" | "middleware" | "agent";
  event: string;
  callId?: string;
  callSid?: string;
  sipCallId?: string;
  fields: Record<string, unknown>;
}

const WAIT_STEP_MS = 25;

/** Collects what the parts of the system tell about calls. */
export class EventLog {
  readonly #events: SeenEvent[] = [];
  readonly #listeners = new Set<(event: SeenEvent) => void>();

  add(event: SeenEvent): void {
    this.#events.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** Tells of every event from now on; returns how to stop it. */
  onEvent(listener: (event: SeenEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes a line of a service's log; lines that are no JSON or have no `event` are somebody's chatter. */
  addLine(source: "middleware" | "agent", line: string): void {
    const fields = parse(line);
    if (!fields || typeof fields.event !== "string") return;
    this.add({ at: Number(fields.time), source, event: fields.event, fields, ...ids(fields) });
  }

  /**
   * All events of the call with this SIP Call-ID, in order of time. Each part knows the call by an id of its own: the
   * caller by its SIP Call-ID, jambonz by a call_sid for each leg, the middleware by those and the call id, the agent
   * by the call id.
   */
  ofCall(sipCallId: string): SeenEvent[] {
    const known = new Set([sipCallId]);
    let ours: SeenEvent[] = [];
    for (let size = 0; size < known.size; ) {
      size = known.size;
      ours = this.#events.filter((event) => idsOf(event).some((id) => known.has(id)));
      for (const id of ours.flatMap(idsOf)) known.add(id);
    }
    return ours.sort((a, b) => a.at - b.at);
  }

  /** The first such event so far. */
  find(isWanted: (event: SeenEvent) => boolean): SeenEvent | undefined {
    return this.#events.find(isWanted);
  }

  /** All such events so far. */
  filter(isWanted: (event: SeenEvent) => boolean): SeenEvent[] {
    return this.#events.filter(isWanted);
  }

  /** Whether such an event has come, at the latest after `limitMs`. */
  async waitFor(isWanted: (event: SeenEvent) => boolean, limitMs: number): Promise<boolean> {
    for (const end = performance.now() + limitMs; performance.now() < end; ) {
      if (this.#events.some(isWanted)) return true;
      await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
    }
    return this.#events.some(isWanted);
  }
}

/** All ids in an event, the other leg's call_sid included. All are random, so none is mistaken for another kind. */
function idsOf({ sipCallId, callSid, callId, fields }: SeenEvent): string[] {
  return [sipCallId, callSid, callId, fields.legSid, fields.with].filter((id) => typeof id === "string");
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{") || !line.includes('"event":')) return undefined; // most of a trace
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function ids(fields: Record<string, unknown>): Pick<SeenEvent, "callId" | "callSid"> {
  const { callId, callSid } = fields;
  return { ...(typeof callId === "string" && { callId }), ...(typeof callSid === "string" && { callSid }) };
}
