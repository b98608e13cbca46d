import { cannotRun } from "../../../cli/drift/pulumi.ts";

const run = (code: number, stderr = "") => ({ code, stdout: "", stderr });

test("a stack that does not exist", () => {
  expect(cannotRun("nope", run(6, "error: no stack named 'nope' found"))).toMatchObject({
    code: "WRONG_STACK",
    message: expect.stringContaining('no stack "nope"'),
  });
});

test("any other failure is told in pulumi's words, without its warnings", () => {
  const { code, message } = cannotRun(
    "dev",
    run(255, "warning: using pulumi from $PATH\nerror: the stack is currently locked"),
  );
  expect(code).toBe("CANNOT_LOOK");
  expect(message).toContain("the stack is currently locked");
  expect(message).not.toContain("warning");
});
