import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ModelCaller, scriptOf } from "../../sandbox/calls/model-caller.ts";
import { System } from "../../sandbox/calls/system.ts";
import { LINES } from "../../sandbox/models/lines.ts";
import { assistant, PHRASES, type Script } from "../../sandbox/models/script.ts";
import { requireSpeech } from "../../sandbox/toolchain/debian.ts";
import { FLOWS } from "./model-calls/stage.ts";

// What was said in real calls goes where the user says, after each caller has been told; nowhere else.
jest.setTimeout(90_000);

/** One of the lines that a caller can tell from others. */
const NOTICE = LINES.announcement;
const system = new System();
const received: { callId: string; lines: { by: string; text: string }[] }[] = [];
const receiver = createServer((request, response) => {
  void text(request).then((body) => {
    received.push(JSON.parse(body));
    response.writeHead(204).end();
  });
});

beforeAll(async () => {
  await requireSpeech(() => undefined);
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  await system.startServers();
  await system.startMiddleware();
}, 300_000); // the servers may have to be built first

afterAll(async () => {
  receiver.close();
  await system.stop();
});

/** Says the notice when it is told to. */
const obedient: Script = (turn) =>
  turn.by === "instructions" && turn.text.includes(NOTICE) ? { say: "announcement" } : assistant(turn);

test.each(["realtime", "pipeline"] as const)(
  "%s: callers are told first, and all they say is delivered",
  async (conversation) => {
    await system.agent?.stop("SIGKILL"); // of the conversation before
    const models = await system.startModelAgent(conversation, {
      AGENT_TRANSCRIPT_URL: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/calls`,
      AGENT_TRANSCRIPT_SECRET: "sixteen letters!",
      AGENT_TRANSCRIPT_NOTICE: NOTICE,
    });
    models.script = obedient;
    await Promise.all(
      FLOWS.map(async (flow) => {
        const caller = new ModelCaller(system, flow);
        await caller.saw("greeting.finished");
        await caller.say("question");
        await new Promise((done) => setTimeout(done, 7_000));
        await caller.say("goodbye");
        const call = await caller.over;
        expect(scriptOf(call)).toEqual(["announcement", "greeting", "answer", "goodbye"]);
        await caller.saw("transcript.delivered");
        const lines = received.find(({ callId }) => call.events.some((event) => event.callId === callId))?.lines ?? [];
        const said = (by: string) =>
          lines
            .filter((line) => line.by === by)
            .map(({ text }) => text)
            .join(" ");
        for (const words of [PHRASES.question.words, PHRASES.goodbye.words]) expect(said("caller")).toContain(words);
        for (const words of [NOTICE, LINES.greeting, LINES.answer]) expect(said("agent")).toContain(words);
        const logged = JSON.stringify(call.events);
        for (const words of [PHRASES.question.words, LINES.answer, NOTICE]) expect(logged).not.toContain(words);
      }),
    );
  },
);
