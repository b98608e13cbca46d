import { TrunklineError } from "../dynamic/errors.ts";
import { type Mark, markText, sameMark } from "../dynamic/marks.ts";

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
  /** The id to take over; empty for none. */
  adopt: string;
}

/**
 * The live object that a declared one means: by its mark, else the one to adopt. Undefined: to be created.
 * @throws DUPLICATE_MARK, FOREIGN_TWIN, OBJECT_GONE (nothing to adopt), OWNED_BY_ANOTHER.
 */
export function chooseExisting<Live>(kind: Kind<Live>, objects: Live[], claim: Claim): Live | undefined {
  const ours = objects.filter((object) => isMarked(kind, object, claim.owner));
  if (ours.length > 1) throw duplicate(kind, ours, claim.owner);
  if (ours[0] !== undefined) return ours[0];
  if (claim.adopt !== "") return adopted(kind, objects, claim.adopt);
  const twin = objects.find((object) => kind.nameOf(object) === claim.name && !isStackMate(kind, object, claim.owner));
  if (twin !== undefined) throw foreignTwin(kind, twin);
  return undefined;
}

/** An id of our state whose mark was lost is still ours; another stack's mark is respected. A renamed resource keeps its object. */
export function requireOurs<Live>(kind: Kind<Live>, object: Live, owner: Mark): void {
  const mark = kind.markOf(object);
  if (mark === undefined || inStackOf(mark, owner)) return;
  throw ownedByAnother(kind, object, mark);
}

/** The error of an update whose object is gone. */
export function gone<Live>(kind: Kind<Live>, id: string): TrunklineError {
  return new TrunklineError(
    "OBJECT_GONE",
    `${capital(kind.label)} ${id} was deleted outside of Pulumi. \`pulumi up --refresh\` makes a new one.`,
  );
}

/** Declared by the same stack, by whichever resource. */
export function isStackMate<Live>(kind: Kind<Live>, object: Live, owner: Mark): boolean {
  const mark = kind.markOf(object);
  return mark !== undefined && inStackOf(mark, owner);
}

export function inStackOf(mark: Mark, owner: Mark): boolean {
  return mark.project === owner.project && mark.stack === owner.stack;
}

function isMarked<Live>(kind: Kind<Live>, object: Live, owner: Mark): boolean {
  const mark = kind.markOf(object);
  return mark !== undefined && sameMark(mark, owner);
}

function adopted<Live>(kind: Kind<Live>, objects: Live[], id: string): Live {
  const object = objects.find((candidate) => kind.idOf(candidate) === id);
  if (object === undefined) throw new TrunklineError("OBJECT_GONE", `There is no ${kind.label} ${id} to adopt.`);
  const mark = kind.markOf(object);
  if (mark !== undefined) throw ownedByAnother(kind, object, mark);
  return object;
}

function ownedByAnother<Live>(kind: Kind<Live>, object: Live, mark: Mark): TrunklineError {
  return new TrunklineError(
    "OWNED_BY_ANOTHER",
    `${capital(kind.label)} ${kind.idOf(object)} carries the mark of ${markText(mark)}; it was not changed. Remove it from that stack first.`,
  );
}

function foreignTwin<Live>(kind: Kind<Live>, object: Live): TrunklineError {
  const id = kind.idOf(object);
  return new TrunklineError(
    "FOREIGN_TWIN",
    `${capital(kind.label)} ${id} is already named "${kind.nameOf(object)}" and was not made by this resource. Take it over with adopt: "${id}", or choose another name.`,
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
