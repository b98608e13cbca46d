/**
 * The one form of the address of a Jambonz API: no `/v1`, no slash at the end, no default port. Undefined for what is none. A path stays:
 * `https://jambonz.cloud/api` (docs.jambonz.org/reference, "About the REST API").
 */
export function toJambonzHost(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") return undefined;
  return url.origin + url.pathname.replace(/(?<!\/)\/+$/, "").replace(/\/v1$/, "");
}
