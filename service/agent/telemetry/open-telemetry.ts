import { context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-node";
import { AGENT_NAME, type CallContext, clockMs } from "@trunkline/shared";
import { stepsOf } from "./steps.ts";
import type { CallSummary, CallTrace, Tracing } from "./tracing.ts";

/** Leaving takes no longer: whoever collects traces must not keep a dyno from ending. */
const CLOSE_MS = 1_500;

/** Traces calls with the OpenTelemetry SDK. */
export class OpenTelemetry implements Tracing {
  readonly #provider: NodeTracerProvider;

  private constructor(provider: NodeTracerProvider) {
    this.#provider = provider;
  }

  static async start(environment: NodeJS.ProcessEnv, withFramework: boolean): Promise<OpenTelemetry> {
    const batches = new BatchSpanProcessor(new OTLPTraceExporter({ timeoutMillis: CLOSE_MS }));
    const ofFramework = withFramework ? await frameworkProcessors() : undefined;
    const provider = new NodeTracerProvider({
      resource: resourceFromAttributes({
        "service.name": AGENT_NAME,
        "service.version": environment.BUILD_HASH || "unknown",
      }).merge(detectResources({ detectors: [envDetector] })), // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win
      spanProcessors: ofFramework ? [ofFramework.processor, batches] : [batches],
    });
    provider.register();
    ofFramework?.join(provider);
    return new OpenTelemetry(provider);
  }

  begin(call: CallContext): CallTrace {
    const attributes = { "trunkline.call.id": call.callId, "trunkline.call.flow": call.flow };
    const tracer = this.#provider.getTracer("trunkline");
    const span = tracer.startSpan("call", { kind: SpanKind.SERVER, attributes });
    const inCall = trace.setSpan(context.active(), span);
    return {
      run: (work) => context.with(inCall, work),
      end: (summary) => {
        const endedAt = clockMs();
        for (const { name, from, to } of stepsOf(summary.times, endedAt))
          tracer.startSpan(name, { startTime: from }, inCall).end(to);
        endCall(span, summary, endedAt);
      },
    };
  }

  async close(): Promise<void> {
    await this.#provider.shutdown().catch(() => undefined); // nobody there to collect
  }
}

function endCall(span: Span, { reason, report }: CallSummary, endedAt: number): void {
  const { turnLatencyMs, tokens, speech, mediaGap: _gap, ...numbers } = report;
  const used = tokens && { inputTokens: tokens.input, outputTokens: tokens.output };
  for (const [name, value] of Object.entries({ ...numbers, ...latencies(turnLatencyMs), ...used, ...speech }))
    if (value !== undefined) span.setAttribute(`trunkline.call.${name}`, value);
  span.setAttribute("trunkline.call.end_reason", reason);
  if (reason === "failed") span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(endedAt);
}

function latencies(latency: CallSummary["report"]["turnLatencyMs"]): Record<string, number> {
  return latency ? { turnLatencyMeanMs: latency.mean, turnLatencyLongestMs: latency.longest } : {};
}

/** What the framework needs to trace with the same provider. What was said stays here: conversations are not recorded. */
async function frameworkProcessors() {
  const { telemetry } = await import("@livekit/agents");
  const fanout = new telemetry.FanoutSpanProcessor();
  const join = (provider: NodeTracerProvider) =>
    telemetry.setTracerProvider(provider, {
      allowPii: false,
      registerSpanProcessor: (processor) => fanout.add(processor),
    });
  return { processor: fanout as SpanProcessor, join };
}
