import { randomUUID } from "node:crypto";
import { dispatch } from "@trunkline/providers";
import { type Api, type Row, realServer, startApi } from "../../sandbox/jambonz/rest/api.ts";

/**
 * The resources' methods as the engine calls them, against jambonz' REST API: the stand-in, or a real server where
 * JAMBONZ_TEST_API_URL and JAMBONZ_TEST_API_KEY (of one account) name one. Everything that was made is removed.
 */
export interface Jambonz extends Api {
  row(path: string): Promise<Row>;
  /** Makes a row by hand, as somebody in the portal does. */
  byHand(kind: Path, body: object): Promise<string>;
  /** Removes what was made by hand and by `create`; fails where that does not work. */
  cleanUp(): Promise<void>;
  /** Fails when the account still has an application or a carrier of this run. */
  stop(): Promise<void>;
}

export type Kind = "Application" | "VoipCarrier" | "SipGateway" | "PhoneNumber";
const PATHS = {
  Application: "Applications",
  VoipCarrier: "VoipCarriers",
  SipGateway: "SipGateways",
  PhoneNumber: "PhoneNumbers",
} as const;
type Path = (typeof PATHS)[Kind];

/** What is in use is not deleted (422): first what uses it. */
const DELETED_IN_TURN: Kind[] = ["PhoneNumber", "SipGateway", "VoipCarrier", "Application"];

let made: string[] = [];

/** @param requests in 5 minutes; a real server has its own limit, which is waited for */
export async function startJambonzApi(requests = 600): Promise<Jambonz> {
  const api = await startApi({ rateLimit: { requests, windowMs: 300_000 } });
  process.env.JAMBONZ_API_KEY = api.key;
  delete process.env.JAMBONZ_API_URL;
  return {
    ...api,
    row: async (path) => (await api.send("GET", path)).body,
    async byHand(kind, body) {
      const answer = await api.send("POST", `/${kind}`, body);
      if (answer.status !== 201) throw new Error(`${kind}: ${answer.status} ${answer.body.msg}`);
      made.push(`/${kind}/${answer.body.sid}`);
      return answer.body.sid;
    },
    async cleanUp() {
      const paths = DELETED_IN_TURN.flatMap((kind) => made.filter((path) => path.startsWith(`/${PATHS[kind]}/`)));
      made = [];
      for (const path of paths) await api.send("DELETE", path);
      for (const path of paths) {
        const { status } = await api.send("GET", path);
        if (status !== 404) throw new Error(`${path} is still there: GET answers ${status}`);
      }
    },
    async stop() {
      const left = [...(await namesOf(api, "Applications")), ...(await namesOf(api, "VoipCarriers"))];
      await api.stop();
      expect(left.filter((name) => name.startsWith(PREFIX))).toEqual([]);
    },
  };
}

/** What a run makes is told by its name from everything else that the account has. */
const PREFIX = `trunkline-test ${randomUUID().slice(0, 8)}`;
export const unique = (name: string) => `${PREFIX} ${name} ${randomUUID().slice(0, 8)}`;

async function namesOf(api: Api, kind: string): Promise<string[]> {
  return ((await api.send("GET", `/${kind}`)).body as unknown as Row[]).map(({ name }) => name);
}

/** A test for the stand-in alone; against a real server it is skipped, with the reason. */
export function standInTest(name: string, whyNotReal: string, run: () => Promise<void>): void {
  if (realServer() === undefined) test(name, run);
  else test.skip(`${name} (not on a real server: ${whyNotReal})`, run);
}

type Inputs = Record<string, unknown>;

/** One kind's methods, with what they make noted for the clean-up. */
export function methodsOf(kind: Kind) {
  const methods = dispatch(`jambonz:${kind}`);
  return {
    ...methods,
    path: (sid: string) => `/${PATHS[kind]}/${sid}`,
    /** Inputs as the engine has them after `check`. */
    async checked(given: Inputs): Promise<Inputs> {
      const { inputs, failures } = await methods.check({}, given);
      expect(failures).toEqual([]);
      return inputs;
    },
    async create(inputs: Inputs): Promise<{ id: string; outs: Inputs }> {
      const note = (id: string) => made.push(`/${PATHS[kind]}/${id}`);
      try {
        const { id, outs = {} } = await methods.create(inputs);
        note(id);
        return { id, outs };
      } catch (cause) {
        if (cause instanceof Error && "id" in cause && cause.id) note(String(cause.id)); // made, but not finished
        throw cause;
      }
    },
    /** What a refresh would show as changed, by input. */
    async drift(id: string, outs: Inputs): Promise<string[]> {
      const { inputs = {} } = await methods.read(id, outs);
      return Object.keys(inputs).filter((name) => JSON.stringify(inputs[name]) !== JSON.stringify(outs[name]));
    },
  };
}
