import { adoptionChanges, stickyAdopt } from "../dynamic/adopting.ts";
import { partlyDone, TrunklineError } from "../dynamic/errors.ts";
import { type Plain, samePlain } from "../dynamic/plain.ts";
import type { Before } from "../dynamic/replacement.ts";
import { type Handler, managed } from "../dynamic/resource.ts";
import { containsUnknown } from "../dynamic/unknown.ts";
import { type JambonzClient, jambonzClient } from "./client.ts";
import { type Column, createdInputs, withDefaults } from "./columns.ts";
import { requireSameJambonz } from "./environment.ts";
import { noteMove, removeInTurn, stays } from "./move.ts";
import { type Row, textOf } from "./row.ts";
import type { Collection } from "./rows.ts";

/** The inputs of every kind; `fields.ts` says what they are. */
export interface CommonInputs {
  host: string;
  accountSid: string;
  adopt: string;
  onDestroy: "restore" | "delete";
  adopting?: Record<string, string> | undefined;
}

/** What the state has beside the inputs. `found`: an adopted row as it was. `ownerSid`: the account it is in. */
export type RowState<I> = I & { sid: string; ownerSid: string; found?: Plain };

/** One kind of row: how it is found, and how inputs and columns translate. */
export interface RowKind<I extends CommonInputs> {
  collection: Collection;
  /** The column of the row's own sid. */
  key: string;
  /** For messages: `application`. */
  title: string;
  fields: Handler<I, I>["fields"];
  /** What the program may say of it. */
  columns: readonly Column[];
  /** Besides `host` and `accountSid`. */
  replaceOn: readonly (keyof I & string)[];
  validate?(inputs: I): void | Promise<void>;
  /** Restricts the list in which twins are looked for. */
  listQuery?(inputs: I): string;
  /** Whether a row has the natural key that these inputs declare: there is no place for marks in Jambonz. */
  isTwin(row: Row, inputs: I): boolean;
  /** The natural key in words: `named "x"`. */
  naturalKey(inputs: I): string;
  describe(row: Row, context: I): I;
  /** The body of a POST. */
  newRow(inputs: I, account: Row): Row;
  /** The body of a PUT that makes `live` what the inputs say. */
  changes(inputs: I, live: Row): Row;
  /** The body of a PUT that makes `live` what was found once. */
  restoration(found: Row, live: Row): Row;
}

/** Rows of Jambonz as resources: adopted by sid, told apart by natural key, given back as found. */
export function rowResource<I extends CommonInputs>(kind: RowKind<I>): Handler<I, RowState<I>> {
  const defaults = createdInputs(kind.columns);
  return {
    ...managedRow(kind),
    /** A new row gets the defaults; of an adopted one, what is not said is left as it was found. */
    settle(inputs, olds) {
      const settled = stickyAdopt(inputs, olds);
      return settled.adopt === "" ? withDefaults(defaults, settled) : settled;
    },

    /** Of the first time only: later it is history. */
    async show(inputs, olds) {
      if (Object.keys(olds).length > 0) return { ...inputs, adopting: olds.adopting as I["adopting"] };
      if (inputs.adopt === "" || containsUnknown([inputs.host, inputs.adopt])) return inputs;
      const live = await adoptedRow(kind, jambonzClient(inputs.host), inputs);
      return { ...inputs, adopting: changesOf(kind, live, inputs) };
    },
  };
}

function changesOf<I extends CommonInputs>(kind: RowKind<I>, live: Row, inputs: I): Record<string, string> {
  const secrets = kind.columns.filter(({ isSecret, type }) => isSecret || type === "json").map(({ input }) => input);
  const names = [...new Set(kind.columns.map(({ input }) => input.split(".")[0] ?? ""))];
  return adoptionChanges(kind.describe(live, inputs), inputs, names, secrets);
}

function managedRow<I extends CommonInputs>(kind: RowKind<I>): Handler<I, RowState<I>> {
  return managed<I, RowState<I>, Row>({
    fields: kind.fields,
    replaceOn: ["host", "accountSid", ...kind.replaceOn],
    identity: (inputs) => [inputs.host, inputs.accountSid, kind.naturalKey(inputs)].join(" "),

    validate(inputs, olds) {
      requireSameJambonz(inputs.host);
      noteMove(inputs, olds);
      return kind.validate?.(inputs);
    },

    async observe(id, context) {
      const client = jambonzClient(context.host);
      // With a key of another account every row would look gone: it has to see the one of the state.
      await client.account((context as { ownerSid?: string }).ownerSid ?? context.accountSid);
      return client.get(kind.collection, id);
    },

    async ensure(inputs, before) {
      const client = jambonzClient(inputs.host);
      const account = await client.account(inputs.accountSid);
      const ownerSid = textOf(account, "account_sid");
      const existing = await findExisting(kind, client, inputs, before);
      if (existing) stays(existing.sid);
      const sid = existing?.sid ?? (await client.create(kind.collection, kind.newRow(inputs, account)));
      const extra = { sid, ownerSid, ...(existing?.found && { found: existing.found }) };
      const live = existing?.row ?? (await firstLook(kind, client, sid, { ...inputs, ...extra }));
      return { id: sid, live, extra: extra as unknown as Omit<RowState<I>, keyof I> };
    },

    async sync(live, inputs) {
      if (samePlain(kind.describe(live, inputs), inputs)) return live;
      await jambonzClient(inputs.host).update(kind.collection, textOf(live, kind.key), kind.changes(inputs, live));
      return live;
    },

    describe: kind.describe,
    gone: (id) => gone(kind, id),

    async remove(live, state) {
      const { host, found, onDestroy } = state;
      const client = jambonzClient(host);
      const sid = textOf(live, kind.key);
      if (found === undefined || onDestroy === "delete")
        return removeInTurn(state, sid, () => client.delete(kind.collection, sid));
      await client.update(kind.collection, sid, kind.restoration(found, live));
    },
  });
}

/** The row just made. It exists whatever happens now, and its sid has to get into the state: nothing else would find it again. */
async function firstLook<I extends CommonInputs>(
  kind: RowKind<I>,
  client: JambonzClient,
  sid: string,
  state: object,
): Promise<Row> {
  try {
    const live = await client.get(kind.collection, sid);
    if (live !== undefined) return live;
  } catch (cause) {
    throw partlyDone(sid, state as Plain, cause);
  }
  throw gone(kind, sid);
}

/** A row that was there before, and how it was when it was adopted. */
interface Existing {
  sid: string;
  row: Row;
  found?: Plain | undefined;
}

/** The row of the instance before, the row to adopt, or none. Another row with the same natural key is an error. */
async function findExisting<I extends CommonInputs>(
  kind: RowKind<I>,
  client: JambonzClient,
  inputs: I,
  before: Before<RowState<I>> | undefined,
): Promise<Existing | undefined> {
  const kept = before === undefined ? undefined : await keptRow(kind, client, before);
  if (kept !== undefined) return kept;
  const rows = await client.list(kind.collection, kind.listQuery?.(inputs));
  const twin = rows.find((row) => kind.isTwin(row, inputs) && textOf(row, kind.key) !== inputs.adopt);
  if (twin !== undefined) throw foreignTwin(kind, inputs, textOf(twin, kind.key));
  // What the instance before has adopted is gone with it: that is no reason to have none.
  if (inputs.adopt === "" || inputs.adopt === before?.state.adopt) return undefined;
  const row = await adoptedRow(kind, client, inputs);
  return { sid: inputs.adopt, row, found: row };
}

/** @throws OBJECT_GONE */
async function adoptedRow<I extends CommonInputs>(kind: RowKind<I>, client: JambonzClient, inputs: I): Promise<Row> {
  const adopted = await client.get(kind.collection, inputs.adopt);
  if (adopted !== undefined) return adopted;
  throw new TrunklineError("OBJECT_GONE", `There is no ${kind.title} ${inputs.adopt} to adopt.`);
}

async function keptRow<I extends CommonInputs>(
  kind: RowKind<I>,
  client: JambonzClient,
  { id, state }: Before<RowState<I>>,
): Promise<Existing | undefined> {
  const row = await client.get(kind.collection, id);
  return row && { sid: id, row, found: state.found };
}

function foreignTwin<I extends CommonInputs>(kind: RowKind<I>, inputs: I, sid: string): TrunklineError {
  return new TrunklineError(
    "FOREIGN_TWIN",
    `There is already the ${kind.title} ${sid} ${kind.naturalKey(inputs)}, which is not in this stack's state. Take it over with adopt: "${sid}" (also after an \`up\` that was killed; \`npx --no-install trunkline adopt\` lists all such rows at once), or declare another one.`,
  );
}

function gone<I extends CommonInputs>(kind: RowKind<I>, id: string): TrunklineError {
  return new TrunklineError(
    "OBJECT_GONE",
    `The ${kind.title} ${id} was deleted outside of Pulumi. \`pulumi up --refresh\` makes a new one.`,
  );
}
