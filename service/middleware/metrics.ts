import type { AgentReport, CallFlow } from "@trunkline/shared";
import type { FastifyInstance } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { PHASES } from "./calls/call-state.ts";
import { OUTCOMES, outcomeOf } from "./calls/outcome.ts";
import { DELIVERIES, type Delivery } from "./events/event-sender.ts";
import type { RequestTally } from "./livekit/request-tally.ts";
import type { CallStore } from "./store/call-store.ts";
import type { OnNews } from "./store/observed-store.ts";
import type { AgentPulses } from "./watch/agent-pulses.ts";

/** jambonz gives up at 10 s; answers are due within 3 s. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10];
const READY_SECONDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 15];
const ANSWER_SECONDS = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 5, 10];
const CALL_SECONDS = [5, 15, 30, 60, 120, 300, 600, 1_800, 3_600];

const FLOWS = ["callback", "dial"] as const satisfies CallFlow[];

/** What Prometheus is told. No label carries a number, a call or an address: every series is one of a few. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #points = this.#counter("trunkline_call_points_total", "Points of calls' time lines", ["event", "flow"]);
  readonly #outcomes = this.#counter("trunkline_call_outcomes_total", "Ended calls by who the caller got", [
    "outcome",
    "flow",
  ]);
  readonly #ready = this.#histogram("trunkline_agent_ready_seconds", "From the webhook to the agent", READY_SECONDS);
  readonly #length = this.#histogram("trunkline_call_seconds", "From the webhook to the end", CALL_SECONDS);
  readonly #connect = this.#histogram("trunkline_model_connect_seconds", "Until models were connected", ANSWER_SECONDS);
  readonly #firstAudio = this.#histogram(
    "trunkline_agent_first_audio_seconds",
    "From the moment when the caller can hear to the agent's first sound",
    ANSWER_SECONDS,
  );
  readonly #answer = this.#histogram(
    "trunkline_answer_seconds",
    "Mean of a call's answers, from the caller's last sound to the agent's first",
    ANSWER_SECONDS,
  );
  readonly #tokens = this.#counter("trunkline_model_tokens_total", "Of language models, of ended calls", [
    "direction",
    "flow",
  ]);
  readonly #speech = this.#counter("trunkline_model_speech_seconds_total", "Of speech models, of ended calls", [
    "direction",
    "flow",
  ]);
  readonly #callEvents = this.#counter("trunkline_call_events_total", "Ended calls sent to CALL_EVENTS_URL", [
    "result",
  ]);
  readonly #requests = new Histogram({
    name: "trunkline_http_request_seconds",
    help: "Answered requests",
    labelNames: ["route", "method", "status"],
    buckets: REQUEST_SECONDS,
    registers: [this.#registry],
  });
  #withProcess = false;

  constructor(
    store: Pick<CallStore, "active">,
    standby: { readonly ready: number },
    requests: RequestTally,
    pulses: Pick<AgentPulses, "fleet">,
  ) {
    this.#countRequests(requests);
    this.#gaugeAgents(pulses);
    for (const outcome of OUTCOMES) for (const flow of FLOWS) this.#outcomes.inc({ outcome, flow }, 0);
    for (const result of DELIVERIES) this.#callEvents.inc({ result }, 0);
    const waiting: Gauge = new Gauge({
      name: "trunkline_standby_rooms",
      help: "Rooms of this instance whose agent waits for a call",
      registers: [this.#registry],
      collect: () => void waiting.set(standby.ready),
    });
    const gauge = new Gauge({
      name: "trunkline_calls_active",
      help: "Calls that have not ended, in the whole store: do not add them up over instances",
      labelNames: ["state"],
      registers: [this.#registry],
      collect: async () => {
        const active = await store.active().catch(() => []);
        for (const phase of PHASES.filter((name) => name !== "ended"))
          gauge.set({ state: phase }, active.filter(({ state }) => state.phase === phase).length);
      },
    });
  }

  readonly onNews: OnNews = (record, entries) => {
    const { context, state } = record;
    const { flow } = context;
    for (const { event, at } of entries) {
      this.#points.inc({ event, flow });
      if (event === "agent.ready") this.#ready.observe({ flow }, seconds(at - state.startedAt));
      if (event !== "call.ended") continue;
      this.#outcomes.inc({ outcome: outcomeOf(record), flow });
      this.#length.observe({ flow }, seconds(at - state.startedAt));
      if (state.agentReport) this.#noteReport(state.agentReport, flow);
    }
  };

  readonly onCallEvent = (result: Delivery, events = 1): void => this.#callEvents.inc({ result }, events);

  /** Of a call that has ended. What its agent could not measure counts nowhere. */
  #noteReport({ connectMs, firstAudioMs, turnLatencyMs, tokens, speech }: AgentReport, flow: CallFlow): void {
    if (connectMs !== undefined) this.#connect.observe({ flow }, seconds(connectMs));
    if (firstAudioMs !== undefined) this.#firstAudio.observe({ flow }, seconds(firstAudioMs));
    if (turnLatencyMs) this.#answer.observe({ flow }, seconds(turnLatencyMs.mean));
    for (const direction of ["input", "output"] as const)
      this.#tokens.inc({ direction, flow }, tokens?.[direction] ?? 0);
    this.#speech.inc({ direction: "heard", flow }, speech?.heardSeconds ?? 0);
    this.#speech.inc({ direction: "spoken", flow }, speech?.spokenSeconds ?? 0);
  }

  /** Measures every answer but streams, which are open for hours. */
  watch(app: FastifyInstance): void {
    app.addHook("onResponse", async (request, reply) => {
      const route = request.routeOptions.url ?? "unknown";
      if (route.endsWith("/events")) return;
      const labels = { route, method: request.method, status: reply.statusCode };
      this.#requests.observe(labels, seconds(reply.elapsedTime));
    });
  }

  async text(): Promise<{ type: string; body: string }> {
    // Watching the process costs something: not before somebody asks.
    if (!this.#withProcess) collectDefaultMetrics({ register: this.#registry });
    this.#withProcess = true;
    return { type: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  /** Missing where no worker has ever told of itself: another LiveKit agent, or none yet. */
  #gaugeAgents(pulses: Pick<AgentPulses, "fleet">): void {
    const gauge = (name: string, help: string, read: (fleet: { workers: number; free: number }) => number) => {
      const one: Gauge = new Gauge({
        name,
        help: `${help}; of the whole stack: do not add them up over instances`,
        registers: [this.#registry],
        collect: () => {
          one.reset();
          one.remove();
          if (pulses.fleet) one.set(read(pulses.fleet));
        },
      });
    };
    gauge("trunkline_agents_registered", "Workers of the agent that live and are registered", ({ workers }) => workers);
    gauge("trunkline_agents_free", "Calls that they could take now", ({ free }) => free);
  }

  #countRequests(requests: RequestTally): void {
    const counter: Counter<"method" | "status"> = new Counter({
      name: "trunkline_livekit_requests_total",
      help: "Requests of this instance to LiveKit's API; status none = not answered",
      labelNames: ["method", "status"],
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        for (const { count, ...labels } of requests.entries) counter.inc(labels, count);
      },
    });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram<"flow"> {
    return new Histogram({ name, help, labelNames: ["flow"], buckets, registers: [this.#registry] });
  }
}

function seconds(milliseconds: number): number {
  return milliseconds / 1_000;
}
