import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Call, Rule, Trunk } from "../../providers/livekit/routing/index.ts";
import { findOrBuild } from "../../sandbox/toolchain/binaries.ts";
import { apiRule, apiTrunk } from "./api-objects.ts";

/** What livekit-server's packages say to one call, unjudged. */
export interface OracleAnswer {
  auth: { error?: string; clash?: string[]; trunkId: string; username: string; password: string; realm: string };
  dispatch?: OracleDispatch;
  afterPin?: OracleDispatch;
}

export interface OracleDispatch {
  error?: string;
  clash?: string[];
  panic?: boolean;
  result?: "ACCEPT" | "REQUEST_PIN" | "DROP";
  ruleId?: string;
  room: string;
  agents?: string[];
}

export interface OracleResponse {
  answers: OracleAnswer[];
  /** Ids of the first pair that the API's own check refuses: the later one, then the earlier. */
  trunksRefused?: string[];
  rulesRefused?: string[];
  trunksInvalid?: string[];
}

interface Waiting {
  resolve: (response: OracleResponse) => void;
  reject: (error: Error) => void;
}

/** livekit-server's own matching, as a process: one question a line, answers in order. */
export class Oracle {
  private waiting: Waiting[] = [];
  private readonly child: ChildProcess;

  private constructor(path: string) {
    this.child = spawn(path, [], { stdio: ["pipe", "pipe", "inherit"] });
    if (this.child.stdout) createInterface({ input: this.child.stdout }).on("line", (line) => this.hear(line));
    this.child.once("exit", (code) => {
      for (const { reject } of this.waiting) reject(new Error(`the oracle ended with ${code}`));
      this.waiting = [];
    });
  }

  static async start(): Promise<Oracle> {
    return new Oracle(await findOrBuild("routing-oracle"));
  }

  ask(trunks: readonly Trunk[], rules: readonly Rule[], calls: readonly Call[]): Promise<OracleResponse> {
    const question = { trunks: trunks.map(apiTrunk), rules: rules.map(apiRule), calls };
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin?.write(`${JSON.stringify(question)}\n`);
    });
  }

  stop(): void {
    this.child.stdin?.end();
  }

  private hear(line: string): void {
    this.waiting.shift()?.resolve(JSON.parse(line) as OracleResponse);
  }
}
