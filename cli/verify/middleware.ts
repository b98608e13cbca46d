import { z } from "zod";
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

  /** Newest first, ended ones too. @throws CliError API_UNREACHABLE, ANSWER_INVALID, API_REFUSED */
  async recent(): Promise<CallView[]> {
    return this.#list("state=all&limit=50");
  }

  async active(): Promise<CallView[]> {
    return this.#list("state=active&limit=500");
  }

  /** @throws CliError API_UNREACHABLE, ANSWER_INVALID, API_REFUSED */
  read(id: string): Promise<CallView> {
    return readCall(this.#url, id, this.#token);
  }

  async #list(query: string): Promise<CallView[]> {
    const path = `/livekit-api/calls?${query}`;
    return (await askMiddleware(this.#url, path, this.#token, list, "a list of calls")).calls;
  }
}
