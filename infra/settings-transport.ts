import { isReadableOnItsWay } from "@trunkline/contract";

interface Read {
  livekitUrl: string;
  jambonz?: { url: string; middlewareUrl?: string | undefined } | undefined;
  herokuDrain?: string | undefined;
  callEvents?: { url: string } | undefined;
  agent?: { transcript?: { url: string } | undefined };
}

/** Keys, callers' numbers and audio go to these addresses: without TLS only to this machine itself. */
export function transportProblems({ livekitUrl, jambonz, herokuDrain, callEvents, agent }: Read): string[] {
  const urls = {
    livekitUrl: [livekitUrl, "wss://"],
    "jambonz.url": [jambonz?.url, "https://"],
    "jambonz.middlewareUrl": [jambonz?.middlewareUrl, "https://"],
    "callEvents.url": [callEvents?.url, "https://"],
    "agent.transcript.url": [agent?.transcript?.url, "https://"],
    herokuDrain: [herokuDrain, "syslog+tls:// or https://"],
  } as const;
  return Object.entries(urls).flatMap(([name, [url, wanted]]) =>
    url !== undefined && isReadableOnItsWay(url) ? [`${name}: is not encrypted: use ${wanted}`] : [],
  );
}
