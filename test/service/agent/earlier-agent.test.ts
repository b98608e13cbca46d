import fc from "fast-check";
import { earlierAgent, type PresentAgent } from "../../../service/agent/earlier-agent.ts";

const agent = fc.record({
  identity: fc.string({ minLength: 1, maxLength: 4 }),
  joinedAt: fc.bigInt({ min: 0n, max: 3n }),
});

test("of any number of agents that see each other exactly one stays", () => {
  fc.assert(
    fc.property(fc.uniqueArray(agent, { minLength: 1, maxLength: 6, selector: (a) => a.identity }), (agents) => {
      const stays = (own: PresentAgent) =>
        earlierAgent(
          own,
          agents.filter((other) => other !== own),
        ) === undefined;
      expect(agents.filter(stays)).toHaveLength(1);
    }),
  );
});

test("the one that was there first stays", () => {
  const first = { identity: "z", joinedAt: 1n };
  const second = { identity: "a", joinedAt: 2n };
  expect(earlierAgent(second, [first])).toBe(first);
  expect(earlierAgent(first, [second])).toBeUndefined();
});
