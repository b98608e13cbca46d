import { RequestTally } from "../../../service/middleware/livekit/request-tally.ts";
import { Metrics } from "../../../service/middleware/metrics.ts";

type News = Parameters<Metrics["onNews"]>;

async function metricsOf(
  agentReport: object | undefined,
  requests = new RequestTally(),
  fleet?: { workers: number; free: number },
): Promise<string> {
  const metrics = new Metrics({ active: async () => [] }, { ready: 0 }, requests, { fleet });
  const state = { startedAt: 1_000, ...(agentReport && { agentReport }) };
  const record = { context: { flow: "dial" }, state, timeline: [] } as unknown as News[0];
  metrics.onNews(record, [{ event: "call.ended", at: 21_000 }] as unknown as News[1]);
  return (await metrics.text()).body;
}

test("what the agent has measured of a call is counted when it has ended", async () => {
  const body = await metricsOf({
    ...{ joinMs: 1, turns: 2, interruptions: 0, connectMs: 300, firstAudioMs: 400 },
    ...{ turnLatencyMs: { mean: 900, longest: 1_200 }, tokens: { input: 120, output: 40 } },
    speech: { heardSeconds: 20, spokenSeconds: 7.5, spokenCharacters: 90 },
  });
  for (const [name, sum] of [
    ["trunkline_model_connect_seconds", 0.3],
    ["trunkline_agent_first_audio_seconds", 0.4],
    ["trunkline_answer_seconds", 0.9],
  ])
    expect(body).toContain(`${name}_sum{flow="dial"} ${sum}`);
  expect(body).toContain('trunkline_model_tokens_total{direction="input",flow="dial"} 120');
  expect(body).toContain('trunkline_model_tokens_total{direction="output",flow="dial"} 40');
  expect(body).toContain('trunkline_model_speech_seconds_total{direction="heard",flow="dial"} 20');
  expect(body).toContain('trunkline_model_speech_seconds_total{direction="spoken",flow="dial"} 7.5');
});

test.each([undefined, { joinMs: 1, turns: 0, interruptions: 0 }])(
  "what was not measured counts nowhere: %j",
  async (report) => {
    const body = await metricsOf(report);
    for (const name of ["model_connect", "agent_first_audio", "answer"])
      expect(body).not.toContain(`trunkline_${name}_seconds_count{flow="dial"} 1`);
  },
);

test("requests to LiveKit are counted by method and answer, those without an answer too", async () => {
  const requests = new RequestTally();
  requests.note("ListRooms", 200);
  requests.note("ListRooms", 200);
  requests.note("ListRooms", 429);
  requests.note("CreateRoom", undefined);
  const body = await metricsOf(undefined, requests);
  expect(body).toContain('trunkline_livekit_requests_total{method="ListRooms",status="200"} 2');
  expect(body).toContain('trunkline_livekit_requests_total{method="ListRooms",status="429"} 1');
  expect(body).toContain('trunkline_livekit_requests_total{method="CreateRoom",status="none"} 1');
});

test("outcomes are there from zero, and the agents that live where they tell of themselves", async () => {
  const body = await metricsOf(undefined, undefined, { workers: 0, free: 0 });
  expect(body).toContain('trunkline_call_outcomes_total{outcome="abandoned",flow="dial"} 1');
  for (const outcome of ["agent", "fallback"])
    expect(body).toContain(`trunkline_call_outcomes_total{outcome="${outcome}",flow="callback"} 0`);
  expect(body).toMatch(/^trunkline_agents_registered 0$/m);
  expect(await metricsOf(undefined)).not.toMatch(/^trunkline_agents_registered \d/m);
});
