/** Hosts that no network lies between. */
const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const PLAIN = /^(?:ws|http|syslog|redis|grpc):$/;

/** Whether what is sent to this URL, keys and callers' numbers among it, can be read on its way. */
export function isReadableOnItsWay(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return PLAIN.test(protocol) && !LOOPBACK.test(hostname.toLowerCase());
}

/** For the problem with a setting whose address is. */
export const READABLE_ON_ITS_WAY = "is not encrypted: without TLS it may only be this machine's (127.0.0.1, localhost)";
