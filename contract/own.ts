/**
 * The member of that name that the object has itself. `object[name]` also finds what every object inherits: a called number `constructor` would
 * be a function. For texts that come from outside; names of ours can be written as they are.
 */
export function own<Value>(
  object: Readonly<Record<string, Value>> | null | undefined,
  name: string,
): Value | undefined {
  // eslint-disable-next-line trunkline/text-as-key -- this is the look that it asks for
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}
