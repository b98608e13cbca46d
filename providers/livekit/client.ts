import type { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { TrunklineError } from "../dynamic/errors.ts";
import type { Age } from "../dynamic/resource.ts";
import { sipRequest } from "./api.ts";
import { credentialsFor, hostKey, type LiveKitCredentials } from "./environment.ts";
import { runningCalls } from "./running-calls.ts";
import { sdk } from "./sdk.ts";

/** How long a list may be shared by reads of the same kind. Dropped at every write. */
const LIST_LIFETIME_MS = 1_000;

type Json = Parameters<typeof SIPOutboundTrunkInfo.fromJson>[0];
interface MessageType<T> {
  fromJson(json: Json, options: typeof LENIENT): T;
}
type ListName = "ListSIPOutboundTrunk" | "ListSIPInboundTrunk" | "ListSIPDispatchRule";

/** LiveKit's SIP objects on one host. Reads of one kind that come together share one request. */
export class LiveKitClient {
  readonly #host: string;
  readonly #credentials: LiveKitCredentials;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #lists = new Map<ListName, Promise<unknown[]>>();

  constructor(host: string, credentials: LiveKitCredentials) {
    this.#host = host;
    this.#credentials = credentials;
  }

  outboundTrunks(age: Age): Promise<SIPOutboundTrunkInfo[]> {
    return this.#list("ListSIPOutboundTrunk", sdk().SIPOutboundTrunkInfo, age);
  }

  inboundTrunks(age: Age): Promise<SIPInboundTrunkInfo[]> {
    return this.#list("ListSIPInboundTrunk", sdk().SIPInboundTrunkInfo, age);
  }

  dispatchRules(age: Age): Promise<SIPDispatchRuleInfo[]> {
    return this.#list("ListSIPDispatchRule", sdk().SIPDispatchRuleInfo, age);
  }

  /** Not idempotent, hence sent once: after a lost answer the next `up` finds the trunk by its mark. */
  async createOutboundTrunk(trunk: SIPOutboundTrunkInfo): Promise<SIPOutboundTrunkInfo> {
    const answer = await this.#write("CreateSIPOutboundTrunk", { trunk: trunk.toJson() }, false);
    return message(sdk().SIPOutboundTrunkInfo, answer);
  }

  /** LiveKit's full update: every field becomes what is given, the id stays. Undefined when there is no such trunk. */
  async replaceOutboundTrunk(id: string, trunk: SIPOutboundTrunkInfo): Promise<SIPOutboundTrunkInfo | undefined> {
    const answer = await this.#write("UpdateSIPOutboundTrunk", { sipTrunkId: id, replace: trunk.toJson() }, true);
    return answer && message(sdk().SIPOutboundTrunkInfo, answer);
  }

  /** Not idempotent, as createOutboundTrunk. */
  async createInboundTrunk(trunk: SIPInboundTrunkInfo): Promise<SIPInboundTrunkInfo> {
    const answer = await this.#write("CreateSIPInboundTrunk", { trunk: trunk.toJson() }, false);
    return message(sdk().SIPInboundTrunkInfo, answer);
  }

  /** LiveKit's full update. Undefined when there is no such trunk. */
  async replaceInboundTrunk(id: string, trunk: SIPInboundTrunkInfo): Promise<SIPInboundTrunkInfo | undefined> {
    const answer = await this.#write("UpdateSIPInboundTrunk", { sipTrunkId: id, replace: trunk.toJson() }, true);
    return answer && message(sdk().SIPInboundTrunkInfo, answer);
  }

  /** Not idempotent, as createOutboundTrunk. */
  async createDispatchRule(rule: SIPDispatchRuleInfo): Promise<SIPDispatchRuleInfo> {
    const answer = await this.#write("CreateSIPDispatchRule", { dispatchRule: rule.toJson() }, false);
    return message(sdk().SIPDispatchRuleInfo, answer);
  }

  /** LiveKit's full update. Undefined when there is no such rule. */
  async replaceDispatchRule(id: string, rule: SIPDispatchRuleInfo): Promise<SIPDispatchRuleInfo | undefined> {
    const body = { sipDispatchRuleId: id, replace: rule.toJson() };
    const answer = await this.#write("UpdateSIPDispatchRule", body, true);
    return answer && message(sdk().SIPDispatchRuleInfo, answer);
  }

  /** How many participants there are whose calls came in over these trunks, in whichever room. */
  runningCalls(trunkIds: readonly string[]): Promise<number> {
    return runningCalls(this.#host, this.#credentials, trunkIds);
  }

  /** Runs what has to see its own changes only: one such piece of work at a time on this host. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Inbound or outbound. Gone already counts as done. */
  async deleteTrunk(id: string): Promise<void> {
    await this.#write("DeleteSIPTrunk", { sipTrunkId: id }, true);
  }

  /** Gone already counts as done. */
  async deleteDispatchRule(id: string): Promise<void> {
    await this.#write("DeleteSIPDispatchRule", { sipDispatchRuleId: id }, true);
  }

  /** What is shared is the parsed list: nobody changes what is in it. */
  #list<T>(method: ListName, type: MessageType<T>, age: Age): Promise<T[]> {
    const shared = age === "shared" ? this.#lists.get(method) : undefined;
    if (shared !== undefined) return shared as Promise<T[]>;
    const items = this.#fetchList(method, type);
    this.#lists.set(method, items);
    const forget = () => this.#lists.get(method) === items && this.#lists.delete(method);
    items.then(() => setTimeout(forget, LIST_LIFETIME_MS).unref(), forget);
    return items;
  }

  async #fetchList<T>(method: ListName, type: MessageType<T>): Promise<T[]> {
    const answer = await sipRequest(this.#host, this.#credentials, { method, body: {}, idempotent: true });
    if (answer !== undefined) return (answer.items as unknown[]).map((item) => message(type, item));
    // Only an object can be missing: who has no list is not this API.
    throw new TrunklineError(
      "ANSWER_INVALID",
      `${hostKey(this.#host)} answered ${method} with "not found"; expected a list. Check LIVEKIT_URL.`,
    );
  }

  async #write(method: string, body: unknown, idempotent: boolean): Promise<Record<string, unknown> | undefined> {
    this.#lists.clear();
    try {
      return await sipRequest(this.#host, this.#credentials, { method, body, idempotent });
    } finally {
      this.#lists.clear();
    }
  }
}

/** The types of its fields were checked where it came in. */
function message<T>(type: MessageType<T>, value: unknown): T {
  return type.fromJson(value as Json, LENIENT);
}

/** A server may know fields that this version does not. */
export const LENIENT = { ignoreUnknownFields: true } as const;

const clients = new Map<string, LiveKitClient>();

/**
 * The client for the host a resource is bound to, with the environment's keys. Looked up anew in each method: the environment decides.
 * @throws ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS: before any request.
 */
export function livekitClient(host: string): LiveKitClient {
  const credentials = credentialsFor(host);
  const { apiKey, apiSecret, previous } = credentials;
  const key = [hostKey(host), apiKey, apiSecret, previous?.apiKey, previous?.apiSecret].join("\n");
  const client = clients.get(key) ?? new LiveKitClient(host, credentials);
  clients.set(key, client);
  return client;
}
