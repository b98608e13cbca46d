import { z } from "zod";
import { CliError } from "../errors.ts";

const PUBLIC_API = "https://api.heroku.com";
const LIMIT_MS = 20_000;
const apps = z.array(z.object({ name: z.string() }));

/** The apps that a key of the Heroku Platform API sees. */
export class HerokuApps {
  readonly #key: string;
  readonly #url: string;

  /** @param url default: HEROKU_API_URL, else the public one */
  constructor(key: string, url = process.env.HEROKU_API_URL ?? PUBLIC_API) {
    this.#key = key;
    this.#url = url;
  }

  /** @throws CliError API_REFUSED, API_UNREACHABLE */
  async names(): Promise<string[]> {
    const list = apps.safeParse(await this.#ask("GET", "/apps"));
    if (list.success) return list.data.map(({ name }) => name);
    throw new CliError("API_REFUSED", `what answers at ${this.#url} gave no list of apps`, "Check HEROKU_API_URL.");
  }

  /** With its add-ons and its data. @throws CliError API_REFUSED, API_UNREACHABLE */
  async delete(name: string): Promise<void> {
    await this.#ask("DELETE", `/apps/${name}`);
  }

  async #ask(method: string, path: string): Promise<unknown> {
    const headers = { accept: "application/vnd.heroku+json; version=3", authorization: `Bearer ${this.#key}` };
    const request = { method, headers, signal: AbortSignal.timeout(LIMIT_MS) };
    const answer = await fetch(new URL(path, this.#url), request).catch(() => undefined);
    if (answer === undefined)
      throw new CliError("API_UNREACHABLE", `nobody answers at ${this.#url}`, "Check HEROKU_API_URL and the network.");
    const body: unknown = await answer.json().catch(() => undefined);
    if (answer.ok) return body;
    throw new CliError(
      "API_REFUSED",
      `Heroku answered ${method} ${path} with ${answer.status}`,
      "Check HEROKU_API_KEY.",
    );
  }
}
