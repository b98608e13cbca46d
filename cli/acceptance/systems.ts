import { JambonzClient } from "../../providers/jambonz/client.ts";
import { LiveKitClient } from "../../providers/livekit/client.ts";
import { quoted, shown } from "../../providers/text/foreign.ts";
import type { Connection } from "../livekit/connection.ts";
import { readLiveProject } from "../livekit/connection.ts";
import {
  type Found,
  herokuThings,
  jambonzThings,
  livekitThings,
  type OwnNames,
  type Thing,
  together,
} from "./belongings.ts";
import type { HerokuApps } from "./heroku-apps.ts";
import type { Identities } from "./identities.ts";

/** The accounts in which a stack lives. */
export interface Accounts {
  livekit: Connection;
  jambonz: { url: string; key: string };
  /** Undefined: the stack has nothing on Heroku. */
  heroku: HerokuApps | undefined;
  names: OwnNames;
}

/** All objects of the three systems, the stack's own told from others'. Only looks. */
export async function findThings(
  { livekit, jambonz, heroku, names }: Accounts,
  stack: string,
  identities: Identities,
): Promise<Found> {
  await identities.remember();
  const client = new JambonzClient(jambonz.url, jambonz.key);
  const [project, applications, carriers, numbers, apps] = await Promise.all([
    readLiveProject(livekit),
    client.list("Applications"),
    client.list("VoipCarriers"),
    client.list("PhoneNumbers"),
    heroku?.names() ?? [],
  ]);
  return together([
    livekitThings(project, (mark) => identities.includes(mark)),
    jambonzThings({ applications, carriers, numbers }, stack, names.carriers),
    herokuThings(apps, names.apps),
  ]);
}

/** Deletes these, one after another. @param things the stack's own, in the order in which they were found */
export async function sweep({ livekit, jambonz, heroku }: Accounts, things: readonly Thing[]): Promise<void> {
  const project = new LiveKitClient(livekit.url, livekit.credentials);
  const account = new JambonzClient(jambonz.url, jambonz.key);
  const remove: Record<Thing["kind"], (id: string) => Promise<void>> = {
    "dispatch rule": (id) => project.deleteDispatchRule(id),
    trunk: (id) => project.deleteTrunk(id),
    "phone number": (id) => account.delete("PhoneNumbers", id),
    carrier: (id) => account.delete("VoipCarriers", id),
    application: (id) => account.delete("Applications", id),
    app: async (id) => heroku?.delete(id),
  };
  for (const { kind, id } of things) await remove[kind](id);
}

/** For messages: `LiveKit trunk "trunkline-acceptance" (ST_…)`. */
export function describeThing({ system, kind, id, name }: Thing): string {
  return `${system} ${kind} ${quoted(name)}${id === name ? "" : ` (${shown(id)})`}`;
}
