import { isCallId } from "../../service/shared/index.ts";
import { userPath } from "../caller-folder.ts";
import { requireStack } from "../drift/options.ts";
import { parseOptions, usage } from "../options.ts";

const AUDIENCES = ["livekit", "jambonz", "heroku"] as const;
export type Audience = (typeof AUDIENCES)[number];

export interface TicketOptions {
  stack: string;
  callId: string | undefined;
  /** Whose support gets it; undefined: everything is in it. */
  audience: Audience | undefined;
  /** Where the middleware answers; undefined: what the stack or MIDDLEWARE_URL says. */
  middlewareUrl: string | undefined;
  /** Files with log lines of middleware and agent. */
  logs: string[];
}

export const TICKET_HELP = `Usage: npx --no-install trunkline ticket --stack STACK [options]
A support ticket in Markdown, ready to paste: set-up with ids, configuration as declared and as live, findings, what is ruled out.
Secrets are left out; of phone numbers only the last three digits are shown.
  --call ID          with the time line of this call, from the middleware (CALLS_TOKEN, else the stack's token; ended calls are known for a day)
  --for SUPPORT      livekit, jambonz or heroku: only what concerns them
  --middleware URL   where the middleware answers (default: MIDDLEWARE_URL, else what the stack says)
  --log FILE         log lines of middleware or agent (heroku logs > FILE): those of the call are added; may be given several times
The environment is that of \`trunkline drift\`; nothing is changed.
Exit code: 0 the ticket is complete, 1 not: something could not be looked at, which is said in it.`;

const OPTIONS = {
  stack: { type: "string" },
  call: { type: "string" },
  for: { type: "string" },
  middleware: { type: "string" },
  log: { type: "string", multiple: true },
} as const;

/** @throws CliError USAGE */
export function parseTicketOptions(args: string[]): TicketOptions {
  const { values } = parseOptions(args, OPTIONS, TICKET_HELP);
  const { call, for: audience, middleware } = values;
  // A room's name is what people see in LiveKit's dashboard.
  const callId = call?.replace(/^call-/, "");
  if (callId !== undefined && !isCallId(callId)) throw usage(`--call is "${call}", which is no call id`, TICKET_HELP);
  if (audience !== undefined && !isAudience(audience))
    throw usage(`--for is "${audience}", not one of ${AUDIENCES.join(", ")}`, TICKET_HELP);
  if (middleware !== undefined && !URL.canParse(middleware))
    throw usage(`--middleware is "${middleware}", which is no URL`, TICKET_HELP);
  const logs = (values.log ?? []).map(userPath);
  return { stack: requireStack(values.stack, TICKET_HELP), callId, audience, middlewareUrl: middleware, logs };
}

function isAudience(text: string): text is Audience {
  return (AUDIENCES as readonly string[]).includes(text);
}
