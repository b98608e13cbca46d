import { TrunklineError } from "../dynamic/errors.ts";
import { type Mark, markText, sameMark, sameStack, stackIdOf } from "../dynamic/marks.ts";
import { quoted } from "../text/foreign.ts";
import { hostKey } from "./environment.ts";
import { wasLeft } from "./leaving.ts";

/** How objects of one kind tell who they are. */
export interface Kind<Live> {
  /** For messages: `outbound trunk`. */
  readonly label: string;
  idOf(live: Live): string;
  /** The name as people gave it, without a mark. */
  nameOf(live: Live): string;
  markOf(live: Live): Mark | undefined;
}

/** The inputs by which a live object is recognised. */
export interface Claim {
  owner: Mark;
  name: string;
  /** The id to take over; empty for none. One that another stack has marked as `id@stackId`. */
  adopt: string;
}

/** Which object a resource means: the one with its mark, on its host. By names, which a preview knows, too. */
export function identityText({ host, owner }: { host: string; owner: Mark }): string {
  return `${hostKey(host)} ${markText(owner)}`;
}

/**
 * The live object that a declared one means: by its mark, else the one to adopt. Undefined: to be created.
 * @throws DUPLICATE_MARK, FOREIGN_TWIN, OBJECT_GONE (nothing to adopt), OWNED_BY_ANOTHER.
 */
export function chooseExisting<Live>(kind: Kind<Live>, objects: Live[], claim: Claim): Live | undefined {
  const ours = objects.filter((object) => isMarked(kind, object, claim.owner) && !wasLeft(kind.idOf(object)));
  if (ours.length > 1) throw duplicate(kind, ours, claim.owner);
  if (ours[0] !== undefined) return ours[0];
  if (claim.adopt !== "") return adopted(kind, objects, claim.adopt);
  const twin = objects.find((object) => isTwin(kind, object, claim));
  if (twin !== undefined) throw foreignTwin(kind, twin);
  return undefined;
}

/** The id in what a user gave as `adopt`. */
export function adoptedId(adopt: string): string {
  return adopt.split("@")[0] ?? "";
}

/**
 * Of an object whose id is in the state: the mark is that of the state or, where an update was interrupted, that of the new inputs. An
 * object whose mark was lost, or is one of an earlier version with our names, is ours by its id alone.
 * @throws OWNED_BY_ANOTHER.
 */
export function requireOurs<Live>(kind: Kind<Live>, object: Live, ...owners: Mark[]): void {
  const mark = kind.markOf(object);
  if (mark === undefined || owners.some((owner) => isOfStack(mark, owner))) return;
  throw ownedByAnother(kind, object, mark, "If it was taken over there, forget it here: pulumi state delete <URN>.");
}

/** The error of an update whose object is gone. */
export function gone<Live>(kind: Kind<Live>, id: string): TrunklineError {
  return new TrunklineError(
    "OBJECT_GONE",
    `${capital(kind.label)} ${id} was deleted outside of Pulumi. \`pulumi up --refresh\` makes a new one.`,
  );
}

/** The stack's, or of an earlier version and a stack of these names: good enough for what is in the state, and for judging routes. */
export function isOfStack(mark: Mark, owner: Mark): boolean {
  const isEarlier = mark.stackId === undefined && mark.project === owner.project && mark.stack === owner.stack;
  return isEarlier || sameStack(mark, owner);
}

/** Declared by the same stack, by whichever resource. */
export function isStackMate<Live>(kind: Kind<Live>, object: Live, owner: Mark): boolean {
  const mark = kind.markOf(object);
  return mark !== undefined && sameStack(mark, owner);
}

function isMarked<Live>(kind: Kind<Live>, object: Live, owner: Mark): boolean {
  const mark = kind.markOf(object);
  return mark !== undefined && sameMark(mark, owner);
}

/** Has the name of what is declared, or is the same resource of a stack that is called the same: in another backend, or of a lost state. */
function isTwin<Live>(kind: Kind<Live>, object: Live, { owner, name }: Claim): boolean {
  const mark = kind.markOf(object);
  if (mark === undefined) return kind.nameOf(object) === name;
  return !sameStack(mark, owner) && (kind.nameOf(object) === name || markText(mark) === markText(owner));
}

function adopted<Live>(kind: Kind<Live>, objects: Live[], adopt: string): Live {
  const id = adoptedId(adopt);
  const object = objects.find((candidate) => kind.idOf(candidate) === id);
  if (object === undefined) throw new TrunklineError("OBJECT_GONE", `There is no ${kind.label} ${id} to adopt.`);
  const mark = kind.markOf(object);
  if (mark !== undefined && adopt !== adoptionText(id, mark))
    throw ownedByAnother(kind, object, mark, howToAdopt(id, mark));
  return object;
}

/** Names the stack, too: the same stack file in a third place does not take it from the second. */
function adoptionText(id: string, mark: Mark): string {
  return `${id}@${stackIdOf(mark)}`;
}

function howToAdopt(id: string, mark: Mark): string {
  return `If that stack is in use, choose another stack name. If not (its state was lost, or it is your own in another backend), take it over with adopt: "${adoptionText(id, mark)}".`;
}

function ownedByAnother<Live>(kind: Kind<Live>, object: Live, mark: Mark, advice: string): TrunklineError {
  const what = `${capital(kind.label)} ${kind.idOf(object)} "${kind.nameOf(object)}"`;
  return new TrunklineError(
    "OWNED_BY_ANOTHER",
    `${what} carries the mark of another stack, ${ownerText(mark)}. It was not changed. ${advice}`,
  );
}

function ownerText(mark: Mark): string {
  const { organization } = mark;
  return `${organization === undefined ? "" : `${organization}/`}${markText(mark)}, stack id ${stackIdOf(mark)}`;
}

function foreignTwin<Live>(kind: Kind<Live>, object: Live): TrunklineError {
  const [id, mark] = [kind.idOf(object), kind.markOf(object)];
  if (mark !== undefined) return ownedByAnother(kind, object, mark, howToAdopt(id, mark));
  return new TrunklineError(
    "FOREIGN_TWIN",
    `${capital(kind.label)} ${id} is already named ${quoted(kind.nameOf(object))} and was not made by this resource. Take it over with adopt: "${id}", or choose another name.`,
  );
}

function duplicate<Live>(kind: Kind<Live>, objects: Live[], owner: Mark): TrunklineError {
  const ids = objects.map((object) => kind.idOf(object)).join(", ");
  return new TrunklineError(
    "DUPLICATE_MARK",
    `The ${kind.label}s ${ids} all carry the mark of ${markText(owner)}. Delete all but one.`,
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
