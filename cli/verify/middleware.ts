import { z } from "zod";
import { CliError } from "../errors.ts";
import { askMiddleware, type CallView, callSchema, readCall } from "../ticket/call.ts";

const list = z.object({ calls: z.array(callSchema) });

/** The middleware's calls, as whoever holds the token sees them. */
export class MiddlewareCalls {
  readonly #url: string;
  readonly #token: string | undefined;

  constructor(url: string, token: string | undefined) {
    this.#url = url;
    this.#token = token;
  }

  /** Newest first, ended ones too. @throws CliError API_UNREACHABLE, API_REFUSED */
  async recent(): Promise<CallView[]> {
    return this.#list("state=all&limit=50");
  }

  async active(): Promise<CallView[]> {
    return this.#list("state=active&limit=500");
  }

  /** @throws CliError API_UNREACHABLE, API_REFUSED */
  read(id: string): Promise<CallView> {
    return readCall(this.#url, id, this.#token);
  }

  async #list(query: string): Promise<CallView[]> {
    const parsed = list.safeParse(await askMiddleware(this.#url, `/livekit-api/calls?${query}`, this.#token));
    if (parsed.success) return parsed.data.calls;
    throw new CliError("API_REFUSED", `what answers at ${this.#url} is no list of calls`, "Check --middleware.");
  }
}
