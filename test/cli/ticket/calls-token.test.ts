import { callsTokenOf } from "../../../cli/ticket/gather.ts";

/** As `pulumi stack export --show-secrets` writes a secret. */
const exported = { callsToken: { plaintext: '"token-of-the-stack"' } };

test("the list of calls is opened by CALLS_TOKEN, else by the stack's own token", () => {
  expect(callsTokenOf({ outputs: exported }, {})).toBe("token-of-the-stack");
  expect(callsTokenOf({ outputs: exported }, { CALLS_TOKEN: "" })).toBe("token-of-the-stack");
  expect(callsTokenOf({ outputs: exported }, { CALLS_TOKEN: "given" })).toBe("given");
  expect(callsTokenOf({ outputs: {} }, {})).toBeUndefined();
  expect(callsTokenOf({ outputs: { callsToken: { plaintext: "[secret" } } }, {})).toBeUndefined();
});
