/** How a long piece of work tells how far it is: called as often as it likes, shown at most every few seconds. */
export type Report = (detail: string) => void;

export interface Step {
  name: string;
  ms: number;
}

const HEARTBEAT_MS = 3_000;

/** Runs named steps one after another, prints each with its time, and a sign of life every 3 s in between. */
export class Progress {
  readonly steps: Step[] = [];
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void, earlier: Step[] = []) {
    this.#write = write;
    for (const step of earlier) this.#done(step);
  }

  async step<T>(name: string, work: (report: Report) => Promise<T>): Promise<T> {
    const started = performance.now();
    let detail = "";
    const heartbeat = setInterval(
      () => this.#write(`  … ${name} ${seconds(performance.now() - started)}${detail && `: ${detail}`}`),
      HEARTBEAT_MS,
    );
    try {
      const result = await work((text) => {
        detail = text;
      });
      this.#done({ name, ms: Math.round(performance.now() - started) });
      return result;
    } finally {
      clearInterval(heartbeat);
    }
  }

  #done(step: Step): void {
    this.steps.push(step);
    this.#write(`✓ ${step.name.padEnd(44)} ${seconds(step.ms).padStart(8)}`);
  }
}

/** `0.4 s`, `93 s`. */
function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
