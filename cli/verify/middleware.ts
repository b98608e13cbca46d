import { z } from "zod";
import { CliError } from "../errors.ts";
import { askMiddleware, type CallView, callSchema, readCall } from "../ticket/call.ts";

const list = z.object({ calls: z.array(callSchema), next: z.string().min(1).optional() });
/** Of 500 calls each: no middleware has that many at once. */
const MOST_PAGES = 100;

/** The middleware's calls, as whoever holds the token sees them. */
export class MiddlewareCalls {
  readonly #url: string;
  readonly #token: string | undefined;

  constructor(url: string, token: string | undefined) {
    this.#url = url;
    this.#token = token;
  }

  /** The 50 newest, ended ones too. @throws CliError API_UNREACHABLE, ANSWER_INVALID, API_REFUSED */
  async recent(): Promise<CallView[]> {
    return (await this.#page("state=all&limit=50")).calls;
  }

  /** All of them. @throws CliError API_UNREACHABLE, ANSWER_INVALID, API_REFUSED */
  async active(): Promise<CallView[]> {
    const calls: CallView[] = [];
    let cursor = "";
    for (let number = 1; number <= MOST_PAGES; number += 1) {
      const page = await this.#page(`state=active&limit=500${cursor}`);
      calls.push(...page.calls);
      if (page.next === undefined) return calls;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
    const what = `the middleware's list of active calls has more than ${MOST_PAGES} pages`;
    throw new CliError("ANSWER_INVALID", what, "Check --middleware, or MIDDLEWARE_URL.");
  }

  /** @throws CliError API_UNREACHABLE, ANSWER_INVALID, API_REFUSED */
  read(id: string): Promise<CallView> {
    return readCall(this.#url, id, this.#token);
  }

  #page(query: string): Promise<z.output<typeof list>> {
    return askMiddleware(this.#url, `/livekit-api/calls?${query}`, this.#token, list, "a list of calls");
  }
}
