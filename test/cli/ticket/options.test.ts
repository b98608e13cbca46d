import { parseDriftOptions } from "../../../cli/drift/options.ts";
import { parseTicketOptions } from "../../../cli/ticket/options.ts";

test("a call by its id, or by its room as the dashboard shows it", () => {
  const id = "abcdefghij-ABCDEFGHIJ";
  expect(parseTicketOptions(["--stack", "dev", "--call", id]).callId).toBe(id);
  expect(parseTicketOptions(["--stack", "dev", "--call", `call-${id}`]).callId).toBe(id);
});

test.each([
  [["--call", "abcdefghij-ABCDEFGHIJ"], "--stack is missing"],
  [["--stack", "dev", "--call", "../x"], "no call id"],
  [["--stack", "dev", "--for", "twilio"], "not one of livekit, jambonz, heroku"],
  [["--stack", "dev", "--middleware", "here"], "no URL"],
])("%p is refused", (args, reason) => {
  expect(() => parseTicketOptions(args)).toThrow(reason);
});

test.each([[[]], [["--stack", "a b"]], [["--stack", "dev", "--fix"]]])("drift refuses %p", (args) => {
  expect(() => parseDriftOptions(args)).toThrow(expect.objectContaining({ code: "USAGE" }));
});

test("a stack may be named with its organization and project", () => {
  expect(parseDriftOptions(["--stack", "org/trunkline/prod"]).stack).toBe("org/trunkline/prod");
});
