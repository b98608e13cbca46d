import type { CallView } from "../../../service/middleware/calls/call-view.ts";

export interface StreamEvent {
  event: string;
  id: string | undefined;
  data: { calls?: CallView[]; now?: number; message?: string };
}

/** Server-sent events as a browser would get them. */
export class EventStream {
  readonly events: StreamEvent[] = [];
  readonly ended: Promise<void>;
  readonly response: Response;
  readonly #abort: AbortController;

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    this.ended = this.#read().catch(() => undefined);
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
    const abort = new AbortController();
    return new EventStream(await fetch(url, { headers, signal: abort.signal }), abort);
  }

  named(name: string): StreamEvent[] {
    return this.events.filter(({ event }) => event === name);
  }

  close(): Promise<void> {
    this.#abort.abort();
    return this.ended;
  }

  async #read(): Promise<void> {
    let text = "";
    for await (const chunk of this.response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      this.events.push(...blocks.map(parse));
    }
  }
}

function parse(block: string): StreamEvent {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
  return { event: field("event") ?? "", id: field("id"), data: JSON.parse(field("data") ?? "{}") };
}
