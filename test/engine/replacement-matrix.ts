/** What test/engine/replacement.test.ts does on the real engine, and docs/REPLACEMENT.md says. */

/** The kinds of a column, by the names that the test's program gives them. */
export const COLUMNS = {
  "LiveKit's trunks and rules": {
    "livekit:SipOutboundTrunk": ["outbound", "adopted"],
    "livekit:SipInboundTrunk": ["inbound"],
    "livekit:SipDispatchRule": ["rule"],
  },
  "rows of Jambonz": {
    "jambonz:Application": ["application", "found"],
    "jambonz:VoipCarrier": ["carrier"],
    "jambonz:SipGateway": ["gateway"],
    "jambonz:PhoneNumber": ["number"],
  },
  LegacySipCleanup: { "livekit:LegacySipCleanup": ["legacy"] },
  "guard, webhook secret, checks, adopted app": {
    "jambonz:WebhookSecret": ["secret"],
    "livekit:SipRouting": ["routing"],
    "deploy:AgentRestart": ["restart"],
    "deploy:AgentReady": ["agent"],
    "deploy:ServiceReady": ["service"],
    "heroku:AppAdoption": ["app"],
  },
} as const;

const SAME = [
  "the same object, the same id",
  "the same row, the same sid",
  "knows what it removed",
  "the same stack id; checked again",
];

const kept = (title: string) => ({ title, cells: SAME });

/** Which no change in place reaches: what an adoption was is history. */
export const UNCHANGED: readonly string[] = ["app"];

export const CASES = {
  replace: kept("`--replace`"),
  previewed: kept("`--replace`, previewed"),
  deleteFirst: kept("`--replace`, `deleteBeforeReplace: true`"),
  createFirst: kept("`--replace`, `deleteBeforeReplace: false`"),
  ignore: kept("`--replace`, `ignoreChanges`"),
  timeouts: kept("`--replace`, `customTimeouts`"),
  retain: kept("`--replace`, `retainOnDelete`"),
  taint: kept("`pulumi state taint`"),
  onChanges: kept("`replaceOnChanges`"),
  trigger: kept("`replacementTrigger`"),
  with: {
    title: "`replaceWith`",
    cells: ["new objects, new ids", "not with rows that others use: refused by the API", ...SAME.slice(2)],
  },
  protect: { title: "`protect`", cells: Array(4).fill("refused by Pulumi; nothing has changed") },
  aliases: {
    title: "`aliases`",
    cells: [
      "the same object, the new name in its mark",
      "the same row, the same sid",
      "knows what it removed",
      "the same stack id",
    ],
  },
  interrupted: kept("a run that was killed between delete and create"),
  pending: kept("a run of an earlier version that was killed between create and delete"),
  host: {
    title: "another host",
    cells: ["new objects there, none left here", "new rows there, none left here", ...SAME.slice(2)],
  },
  destroy: {
    title: "`retainOnDelete`, then `pulumi destroy`",
    cells: ["stays", "stays", "nothing to do", "nothing to do"],
  },
} as const;

/** The table of docs/REPLACEMENT.md. */
export function table(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const head = ["", ...Object.keys(COLUMNS)];
  const rows = Object.values(CASES).map(({ title, cells }) => row([title, ...cells]));
  return [row(head), row(head.map(() => "---")), ...rows].join("\n");
}
