import type { HeaderPair } from "../protocol.ts";
import type { CallInfo } from "../webhooks/call-info.ts";
import { callPayload } from "../webhooks/payload.ts";

function headerOf(headers: readonly HeaderPair[], wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function userOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : /(?:sips?|tel):([^@;>]+)/i.exec(value)?.[1];
}

/** Whether a REFER says who refers; on an inbound leg the server fails with 501 without (read: feature-server lib/session/call-session.js _handleRefer). */
export function hasReferredBy(headers: readonly HeaderPair[]): boolean {
  return headerOf(headers, "referred-by") !== undefined;
}

/** What a referHook is sent (read: feature-server lib/tasks/dial.js handleRefer, lib/session/call-session.js) (seen live: jambonz-live, section 7). */
export function referPayload(
  info: CallInfo,
  refer: { referTo: string; headers: readonly HeaderPair[] },
  sids: { referring_call_sid: string; referred_call_sid: string | null },
): Record<string, unknown> {
  const referredBy = headerOf(refer.headers, "referred-by");
  const custom = refer.headers.filter(([name]) => /^x-/i.test(name));
  return {
    ...callPayload(info),
    refer_details: {
      sip_refer_to: refer.referTo,
      refer_to_user: userOf(refer.referTo),
      sip_referred_by: referredBy,
      sip_user_agent: headerOf(refer.headers, "user-agent"),
      referred_by_user: userOf(referredBy),
      ...sids,
      ...Object.fromEntries(custom.map(([name, value]) => [snakeCase(name), value])),
    },
  };
}

function snakeCase(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}
