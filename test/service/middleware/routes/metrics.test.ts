import { CALLER_SID, dialledCall, type Service, send, startService } from "../support.ts";

let service: Service;
afterEach(() => service.app.close());

test("GET /metrics tells Prometheus about calls, answers and the process, without a number or an id", async () => {
  service = startService();
  const callId = await dialledCall(service);
  const before = (await send(service.app, "/metrics")).body;
  expect(before).toContain('trunkline_calls_active{state="dialling"} 1');
  await service.hook("/livekit-api/status", { call_sid: CALLER_SID, call_status: "completed" });
  await send(service.app, "/no/such/route");
  const { body } = await send(service.app, "/metrics");
  expect(body).toContain('trunkline_calls_active{state="dialling"} 0');
  for (const event of ["webhook.received", "room.created", "agent.ready", "call.ended"])
    expect(body).toContain(`trunkline_call_points_total{event="${event}",flow="callback"} 1`);
  expect(body).toMatch(/trunkline_agent_ready_seconds_count\{flow="callback"\} 1/);
  expect(body).toContain('trunkline_http_request_seconds_count{route="/livekit-api",method="POST",status="200"} 1');
  expect(body).toContain('route="unknown",method="GET",status="404"');
  expect(body).toContain("process_resident_memory_bytes");
  expect(body).not.toMatch(new RegExp(`30123456|${callId}|${CALLER_SID}`));
});
