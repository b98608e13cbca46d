/** Hosts that no network lies between. */
const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const PLAIN = /^(?:ws|http|syslog|redis):$/;

/** Whether what is sent to this URL, keys and callers' numbers among it, can be read on its way. */
export function isReadableOnItsWay(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return PLAIN.test(protocol) && !LOOPBACK.test(hostname.toLowerCase());
}
