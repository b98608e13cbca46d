import { TrunklineError } from "../dynamic/errors.ts";
import { type Expected, jambonzRequest } from "./api.ts";
import { jambonzKeyFor } from "./environment.ts";
import { type Row, textOf } from "./row.ts";
import { ACCOUNTS, type Collection, CREATED, listOf, rowOf, SECRET, VOICES } from "./rows.ts";

/** How long the account may be shared by reads. Everything else is looked at each time. */
const ACCOUNT_LIFETIME_MS = 1_000;

/** The rows of one Jambonz account. */
export class JambonzClient {
  readonly #host: string;
  readonly #key: string;
  #accounts: Promise<Row[]> | undefined;

  constructor(host: string, key: string) {
    this.#host = host;
    this.#key = key;
  }

  /**
   * The account to which a resource belongs: the named one, else the only one this key sees.
   * @throws ENVIRONMENT_MISMATCH: this key does not see the named account; INVALID_INPUT: it sees several.
   */
  async account(accountSid: string): Promise<Row> {
    const accounts = await this.#sharedAccounts();
    const wanted = accounts.filter((row) => accountSid === "" || textOf(row, "account_sid") === accountSid);
    if (wanted.length === 1 && wanted[0] !== undefined) return wanted[0];
    if (accountSid === "")
      throw new TrunklineError(
        "INVALID_INPUT",
        `JAMBONZ_API_KEY sees ${accounts.length} accounts of ${this.#host}. Name the account with accountSid, or use an account's key.`,
      );
    throw new TrunklineError(
      "ENVIRONMENT_MISMATCH",
      `This stack is bound to the Jambonz account ${accountSid} at ${this.#host}, but JAMBONZ_API_KEY is a key of another one. Nothing was changed.`,
    );
  }

  /** @param query starts with `?`, or is empty */
  async list(collection: Collection, query = ""): Promise<Row[]> {
    return this.#list(`/${collection}${query}`, listOf(collection, query));
  }

  /** Undefined when there is no such row. Ask for the account first: only then a 404 is certain. */
  async get(collection: Collection, sid: string): Promise<Row | undefined> {
    return this.#send({ method: "GET", path: `/${collection}/${sid}` }, rowOf(collection, sid));
  }

  /** Not idempotent, hence sent once. @returns the row's sid */
  async create(collection: Collection, body: Row): Promise<string> {
    const answer = await this.#send({ method: "POST", path: `/${collection}`, body }, CREATED);
    if (answer !== undefined) return answer.sid;
    throw this.#isOther(`POST /${collection}`);
  }

  /** A partial update: columns that are not in the body stay. */
  async update(collection: Collection, sid: string, body: Row): Promise<void> {
    await this.#send({ method: "PUT", path: `/${collection}/${sid}`, body });
  }

  /** Gone already counts as done. What an unknown sid is answered with differs by kind and key, so it is looked up again. */
  async delete(collection: Collection, sid: string): Promise<void> {
    try {
      await this.#send({ method: "DELETE", path: `/${collection}/${sid}` });
    } catch (cause) {
      if ((await this.get(collection, sid)) !== undefined) throw cause;
    }
  }

  /** The speech credentials that the account can use, its service provider's among them; their keys are masked. */
  async voices(accountSid: string): Promise<Row[]> {
    return this.#list(`/Accounts/${accountSid}/SpeechCredentials`, VOICES);
  }

  /** The key with which the account's webhooks are signed. */
  async webhookSecret(accountSid: string): Promise<string> {
    const path = `/Accounts/${accountSid}/WebhookSecret`;
    const answer = await this.#send({ method: "GET", path }, SECRET);
    if (answer !== undefined) return answer.webhook_secret;
    throw this.#isOther(`GET ${path}`);
  }

  /** Calls that begin from now on are signed with it. */
  async setWebhookSecret(accountSid: string, secret: string): Promise<void> {
    await this.#send({ method: "PUT", path: `/Accounts/${accountSid}`, body: { webhook_secret: secret } });
  }

  #sharedAccounts(): Promise<Row[]> {
    if (this.#accounts !== undefined) return this.#accounts;
    const accounts = this.#list("/Accounts", ACCOUNTS);
    this.#accounts = accounts;
    const forget = () => {
      if (this.#accounts === accounts) this.#accounts = undefined;
    };
    accounts.then(() => setTimeout(forget, ACCOUNT_LIFETIME_MS).unref(), forget);
    return accounts;
  }

  async #list(path: string, expected: Expected<Row[]>): Promise<Row[]> {
    const rows = await this.#send({ method: "GET", path }, expected);
    if (rows !== undefined) return rows;
    throw this.#isOther(`GET ${path.split("?")[0]}`);
  }

  /** 404 where only a row can be missing. */
  #isOther(what: string): TrunklineError {
    return new TrunklineError(
      "ANSWER_INVALID",
      `${this.#host} is not a Jambonz API: it answered ${what} with 404. Check the host.`,
    );
  }

  #send<T = undefined>(request: Parameters<typeof jambonzRequest>[2], expected?: Expected<T>): Promise<T | undefined> {
    return jambonzRequest(this.#host, this.#key, request, expected);
  }
}

const clients = new Map<string, JambonzClient>();

/**
 * The client for the host a resource is bound to, with the environment's key. Looked up anew in each method: the environment decides.
 * @throws ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS: before any request.
 */
export function jambonzClient(host: string): JambonzClient {
  const key = jambonzKeyFor(host);
  const client = clients.get(`${host}\n${key}`) ?? new JambonzClient(host, key);
  clients.set(`${host}\n${key}`, client);
  return client;
}
