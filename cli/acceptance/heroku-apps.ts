import { z } from "zod";
import { AnswerError, type Answered, looseJson, send, shortReason } from "../../contract/outgoing/index.ts";
import { answerError, answerOf } from "../answers.ts";
import { CliError } from "../errors.ts";

const PUBLIC_API = "https://api.heroku.com";
const LIMIT_MS = 20_000;
const MOST_PAGES = 100;
const CHECK = "Check HEROKU_API_URL and the network.";
const app = z.object({ name: z.string().min(1) });
const apps = z.array(app);

/** The apps that a key of the Heroku Platform API sees. */
export class HerokuApps {
  readonly #key: string;
  readonly #url: string;

  /** @param url default: HEROKU_API_URL, else the public one */
  constructor(key: string, url = process.env.HEROKU_API_URL ?? PUBLIC_API) {
    this.#key = key;
    this.#url = url;
  }

  /**
   * All of them: a list is answered in pages, 206 with the range of the next one (Heroku Platform API reference, Ranges).
   * @throws CliError API_REFUSED, ANSWER_INVALID, API_UNREACHABLE
   */
  async names(): Promise<string[]> {
    const names: string[] = [];
    let range: string | undefined = "name ..; max=1000";
    for (let page = 1; range !== undefined; page += 1) {
      const answer: Answered = await this.#ask("GET", "/apps", { range });
      names.push(...answerOf(answer, apps, "a list of apps", CHECK).map(({ name }) => name));
      range = answer.status === 206 ? nextRange(answer, page) : undefined;
    }
    return names;
  }

  /** With its add-ons and its data. @throws CliError API_REFUSED, ANSWER_INVALID, API_UNREACHABLE */
  async delete(name: string): Promise<void> {
    const asked = app.refine((deleted) => deleted.name === name, { error: "is another app", path: ["name"] });
    answerOf(await this.#ask("DELETE", `/apps/${encodeURIComponent(name)}`), asked, `the app ${name}`, CHECK);
  }

  async #ask(method: "GET" | "DELETE", path: string, extra: Record<string, string> = {}): Promise<Answered> {
    const headers = {
      accept: "application/vnd.heroku+json; version=3",
      authorization: `Bearer ${this.#key}`,
      ...extra,
    };
    const answer = await send(new URL(path, this.#url), { method, headers, deadlineMs: LIMIT_MS }).catch(
      (error: unknown) => {
        if (error instanceof AnswerError) throw answerError(error, CHECK);
        throw new CliError("API_UNREACHABLE", `no answer from ${this.#url}`, CHECK);
      },
    );
    if (answer.ok) return answer;
    throw new CliError(
      "API_REFUSED",
      `Heroku answered ${method} ${path} with ${answer.status}${reasonIn(answer)}`,
      "Check HEROKU_API_KEY.",
    );
  }
}

/** A page that does not name the next one is no page, and a list without an end no list. */
function nextRange(answer: Answered, page: number): string {
  const next = answer.headers.get("next-range");
  if (!next) throw answerError(new AnswerError(answer, "the range of the next page", "206 without next-range"), CHECK);
  if (page < MOST_PAGES) return next;
  throw answerError(new AnswerError(answer, `a list of at most ${MOST_PAGES} pages`, "one page more"), CHECK);
}

/** `{id, message}` */
function reasonIn({ text }: Answered): string {
  const body = z.object({ message: z.string() }).safeParse(looseJson(text));
  return body.success ? `: ${shortReason(body.data.message)}` : "";
}
