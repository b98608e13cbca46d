/**
 * A type of Heroku's published schema without its index signatures, all the way down: an answer with a field that the schema
 * does not have, or with a value of another type, is then an error of the type check.
 */
export type Published<T> = T extends readonly (infer Item)[]
  ? Published<Item>[]
  : T extends object
    ? { [K in keyof T as string extends K ? never : K]: Published<T[K]> }
    : T;
