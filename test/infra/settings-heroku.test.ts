import { capacityOf } from "../../infra/settings-heroku.ts";

test.each(["basic", "eco", "standard-1x", "Standard-1X"])("a dyno of 512 MB (%s) takes 12 calls", (size) => {
  expect(capacityOf(size)).toEqual({ AGENT_MAX_CALLS: "12" });
});

test("with a model fewer calls fit into it", () => {
  expect(capacityOf("basic", "realtime")).toEqual({ AGENT_MAX_CALLS: "4" });
  expect(capacityOf("basic", "pipeline")).toEqual({ AGENT_MAX_CALLS: "3" });
});

test.each(["standard-2x", "performance-m"])("%s takes as many as the agent takes by itself", (size) => {
  expect(capacityOf(size)).toEqual({});
});
