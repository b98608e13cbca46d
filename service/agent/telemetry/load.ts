import { NO_TRACING, type Tracing } from "./tracing.ts";

/**
 * Traces to the OpenTelemetry collector that the environment names: OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT), with the other
 * variables of the OpenTelemetry specification (OTLP over HTTP, protobuf). Without one, or with OTEL_SDK_DISABLED=true, nothing is
 * loaded and nothing traced.
 * @param withFramework whether the conversation is held by LiveKit's framework, whose spans are then sent too, without what was said
 */
export async function loadTracing(environment: NodeJS.ProcessEnv, withFramework: boolean): Promise<Tracing> {
  const endpoint = environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint || environment.OTEL_SDK_DISABLED === "true") return NO_TRACING;
  const { OpenTelemetry } = await import("./open-telemetry.ts");
  return OpenTelemetry.start(environment, withFramework);
}
