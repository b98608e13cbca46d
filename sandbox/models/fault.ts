/** The stand-ins' services, each reached by a connection or a request of its own. */
export type ServiceName = "realtime" | "stt" | "llm" | "tts";

/** What goes wrong when a model is reached for. */
export type ConnectFault =
  /** The answer to the request, instead of an upgrade or a stream. */
  | { kind: "status"; status: number }
  /** A page of a proxy, status 200, where a WebSocket was asked for. */
  | { kind: "noUpgrade" }
  /** The connection is taken and broken off. */
  | { kind: "reset" }
  /** The connection is taken, and nothing ever comes. */
  | { kind: "hang" }
  | { kind: "late"; ms: number };

/** What goes wrong when a model is to answer. */
export type AnswerFault =
  /** The connection breaks off after so much of the answer. */
  | { kind: "dies"; afterMs: number }
  /** The account has run out of credit. */
  | { kind: "quota" }
  /** An error of the server's own. */
  | { kind: "error" }
  /** No answer ever comes. */
  | { kind: "mute" }
  | { kind: "slow"; ms: number };

interface Armed<Fault> {
  fault: Fault;
  left: number;
}

/** Which faults the next connections and answers have. */
export class Faults {
  readonly #connect = new Map<ServiceName, Armed<ConnectFault>>();
  readonly #answer = new Map<ServiceName, Armed<AnswerFault>>();

  /** @param times how many connections or requests; default: all until `heal`. */
  onConnect(service: ServiceName, fault: ConnectFault, times = Number.POSITIVE_INFINITY): void {
    this.#connect.set(service, { fault, left: times });
  }

  /** @param times how many answers; default: all until `heal`. */
  onAnswer(service: ServiceName, fault: AnswerFault, times = Number.POSITIVE_INFINITY): void {
    this.#answer.set(service, { fault, left: times });
  }

  /** Whether the next connection to a service, or its next answer, has a fault. */
  isArmed(service: ServiceName, what: "connect" | "answer"): boolean {
    return ((what === "connect" ? this.#connect : this.#answer).get(service)?.left ?? 0) > 0;
  }

  healConnect(service: ServiceName): void {
    this.#connect.delete(service);
  }

  healAnswer(service: ServiceName): void {
    this.#answer.delete(service);
  }

  heal(): void {
    this.#connect.clear();
    this.#answer.clear();
  }

  takeConnect(service: ServiceName): ConnectFault | undefined {
    return take(this.#connect.get(service));
  }

  takeAnswer(service: ServiceName): AnswerFault | undefined {
    return take(this.#answer.get(service));
  }
}

function take<Fault>(armed: Armed<Fault> | undefined): Fault | undefined {
  if (!armed || armed.left <= 0) return undefined;
  armed.left--;
  return armed.fault;
}
