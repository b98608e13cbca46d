import { JambonzClient } from "../../providers/jambonz/client.ts";
import { jambonzKeyFor } from "../../providers/jambonz/environment.ts";
import { type Row, textOf } from "../../providers/jambonz/row.ts";
import type { Difference } from "./difference.ts";
import { systemOf } from "./objects.ts";
import type { PlannedStep } from "./plan.ts";
import { type Declared, hookOf, type JambonzRows, strayRows } from "./stray-rows.ts";

/**
 * The stray rows of the account in which the stack has its own; none for a stack without Jambonz.
 * @throws TrunklineError those of `JambonzClient`
 */
export async function jambonzDifferences(
  steps: PlannedStep[],
  allowed: string[],
  environment: NodeJS.ProcessEnv,
): Promise<Difference[]> {
  const own = steps.filter(({ type }) => systemOf(type) === "Jambonz");
  const [first] = own;
  if (first === undefined) return [];
  const host = String(first.before.inputs.host);
  const declared = declaredIn(own, allowed);
  const client = new JambonzClient(host, jambonzKeyFor(host, environment));
  const account = String(first.before.outputs.ownerSid ?? "");
  return strayRows(await rowsOf(client, account, declared), declared);
}

/** What the state has of the account. Of an input that is a secret nothing is told. */
function declaredIn(steps: PlannedStep[], allowed: string[]): Declared {
  const ofKind = (kind: string) => steps.filter(({ type }) => type.endsWith(`/jambonz:${kind}`));
  const idsOf = (some: PlannedStep[]) => new Set(some.map(({ id }) => id));
  const carrierOf = ({ before }: PlannedStep) => String(before.inputs.carrierSid);
  return {
    ids: new Set([...idsOf(steps), ...allowed]),
    applications: idsOf(ofKind("Application")),
    carriers: idsOf(ofKind("VoipCarrier")),
    carriersWithGateways: new Set(ofKind("SipGateway").map(carrierOf)),
    hooks: new Set(
      ofKind("Application")
        .map(({ before }) => hookOf(before.inputs))
        .filter((url) => url !== ""),
    ),
  };
}

/** Four lists; gateways are listed by carrier. A key that sees other accounts, too, is given their rows, which are left out. */
async function rowsOf(
  client: JambonzClient,
  account: string,
  { carriersWithGateways }: Declared,
): Promise<JambonzRows> {
  const [applications, carriers, numbers, ...gateways] = await Promise.all([
    client.list("Applications"),
    client.list("VoipCarriers"),
    client.list("PhoneNumbers"),
    ...[...carriersWithGateways].map((sid) => client.list("SipGateways", `?voip_carrier_sid=${sid}`)),
  ]);
  const own = (rows: Row[]) => rows.filter((row) => ["", account].includes(textOf(row, "account_sid")));
  return { applications: own(applications), carriers: own(carriers), numbers: own(numbers), gateways: gateways.flat() };
}
