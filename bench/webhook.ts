import { parseArgs } from "node:util";
import { type Aim, aimLines } from "./measure/aims.ts";
import { type Delays, realDelays } from "./webhook/real-delays.ts";
import { judgeWebhook, type Round, type Summary, summarise, tableOf } from "./webhook/report.ts";
import { measureVariant, type RoundOptions } from "./webhook/round.ts";
import { NAMES, VARIANTS } from "./webhook/variants.ts";

export const usage =
  "webhook [--rounds 5] [--requests 3000] [--connections 50] [--json]   /livekit-api against a bare route and against Express";

interface WebhookReport extends RoundOptions {
  rounds: Round[];
  summary: Summary;
  aims: Aim[];
  ok: boolean;
}

/** Closed loop: each connection sends its next webhook when the last was answered. The variants alternate. */
export async function run(args: string[]): Promise<WebhookReport> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "5" },
      requests: { type: "string", default: "3000" },
      connections: { type: "string", default: "50" },
      json: { type: "boolean", default: false },
    },
  });
  const delays: Delays = await realDelays();
  const options = { connections: Number(values.connections), requests: Number(values.requests), delays };
  const rounds: Round[] = [];
  while (rounds.length < Number(values.rounds)) {
    rounds.push(await measureAll(options));
    process.stderr.write(`  round ${rounds.length} of ${values.rounds}\n`);
  }
  const [summary, aims] = [summarise(rounds), judgeWebhook(rounds)];
  const report = { ...options, rounds, summary, aims, ok: aims.every(({ ok }) => ok) };
  if (!values.json) process.stderr.write(`\n${tableOf(summary)}\n\n${aimLines(aims)}\n`);
  if (!report.ok) process.exitCode = 1;
  return report;
}

async function measureAll(options: RoundOptions): Promise<Round> {
  const round: Partial<Round> = {};
  for (const name of NAMES) round[name] = await measureVariant(VARIANTS[name], options);
  return round as Round;
}
