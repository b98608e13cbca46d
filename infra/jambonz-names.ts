import type { Settings } from "./settings.ts";

type Named = Pick<Settings, "stack" | "sipUsername"> & { jambonz?: { credentialGeneration: number } | undefined };

/** The digest user of LiveKit's legs. It carries the generation of the credentials: while they change both pairs exist. */
export function digestUser({ sipUsername, jambonz }: Named): string {
  return sipUsername + suffix(jambonz?.credentialGeneration);
}

/** Jambonz' carrier to LiveKit. The middleware knows LiveKit's legs by its first part. */
export function livekitCarrierName({ stack, jambonz }: Omit<Named, "sipUsername">): string {
  return `LiveKit-${stack}${suffix(jambonz?.credentialGeneration)}`;
}

function suffix(generation = 1): string {
  return generation === 1 ? "" : `-${generation}`;
}
