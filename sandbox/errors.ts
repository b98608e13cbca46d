/** A problem of the user's machine or input: a stable code, what happened with which value, what to do. Shown without a stack trace. */
export class SandboxError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(code: SandboxErrorCode, message: string, hint: string) {
    super(message);
    this.name = "SandboxError";
    this.code = code;
    this.hint = hint;
  }
}

export type SandboxErrorCode =
  | "ALREADY_RUNNING"
  | "BUILD_FAILED"
  | "GO_MISSING"
  | "NOT_READY"
  | "PACKAGES_MISSING"
  | "PORT_TAKEN"
  | "PULUMI_FAILED"
  | "PULUMI_MISSING"
  | "SAID_IN_LOG"
  | "START_FAILED"
  | "USAGE";
