import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildArtefact, type ServiceName } from "../../../infra/artefact/artefact.ts";
import { checkout } from "../../../sandbox/root.ts";

const INSTALL_LIMIT_MS = 120_000;

export interface Ended {
  code: number | null;
  output: string;
}

/** A process of the Procfile, with nothing in its environment but PATH, HOME and what was given. */
export interface DynoProcess {
  /** Resolves when the output has this text, rejects when it ended before. */
  says(text: string): Promise<void>;
  ended: Promise<Ended>;
  stop(): Promise<Ended>;
}

/** A service as Heroku would run it: unpacked from its archive, installed from its own lockfile, started by its Procfile. */
export class Slug {
  readonly folder: string;
  readonly buildHash: string;

  private constructor(folder: string, buildHash: string) {
    this.folder = folder;
    this.buildHash = buildHash;
  }

  static async build(service: ServiceName): Promise<Slug> {
    const { archive, buildHash } = buildArtefact(service, checkout());
    const folder = join(mkdtempSync(join(tmpdir(), "trunkline-slug-")), "app");
    mkdirSync(folder);
    execFileSync("tar", ["xzf", "-", "-C", folder], { input: archive });
    const args = ["ci", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund"];
    await promisify(execFile)("npm", args, { cwd: folder, timeout: INSTALL_LIMIT_MS });
    return new Slug(folder, buildHash);
  }

  run(processType: string, variables: NodeJS.ProcessEnv): DynoProcess {
    const lines = readFileSync(join(this.folder, "Procfile"), "utf8").split("\n");
    const command = lines.find((line) => line.startsWith(`${processType}: `))?.slice(processType.length + 2);
    if (command === undefined) throw new Error(`the Procfile has no process type ${processType}`);
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...variables };
    return follow(spawn("bash", ["-c", command], { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] }));
  }

  remove(): void {
    rmSync(join(this.folder, ".."), { recursive: true, force: true });
  }
}

function follow(child: ReturnType<typeof spawn>): DynoProcess {
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, output })));
  return {
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => void (output.includes(text) && resolve());
        child.stdout?.on("data", look);
        look();
        void ended.then(() => reject(new Error(`it ended without saying "${text}":\n${output}`)));
      }),
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
