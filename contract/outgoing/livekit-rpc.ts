import { looseJson } from "./json.ts";
import { livekitAnswer, type Messages } from "./livekit-answers.ts";
import { type Answered, send, shortReason } from "./request.ts";

/** The SDK's error of an answer with an error: whoever decides by its status looks for this very class. */
type ServerErrorType = new (
  name: string,
  message: string,
  status: number,
  code?: string,
  metadata?: Record<string, string>,
) => Error;

interface Server {
  /** `http`, `https`, `ws` or `wss`. */
  url: string;
  timeoutSeconds: number;
  /** livekit-server-sdk, as its user has loaded it. */
  sdk: Messages & { ServerError: ServerErrorType };
  /** Told about each request once it is over; no status = no answer. */
  onRequest?: (method: string, status: number | undefined) => void;
  /** When a request may be sent, and whether again. Default: once, at once. */
  turn?: <Answer>(method: string, request: () => Promise<Answer>) => Promise<Answer>;
}

/**
 * A client of LiveKit's SDK whose requests have our limits: its own transport reads answers of any size, and takes `{}` for an empty list.
 * It also asks other regions of LiveKit Cloud after an error; the requests here are short, and are repeated by whoever makes them.
 */
export function bounded<Client extends object>(client: Client, server: Server): Client {
  const { turn = (_method, send) => send() } = server;
  const request = (
    service: string,
    method: string,
    data: unknown,
    headers: Record<string, string>,
    seconds?: number,
  ) => {
    const timed = { ...server, timeoutSeconds: seconds ?? server.timeoutSeconds };
    return turn(method, () => call(timed, `livekit.${service}`, method, data, headers));
  };
  return Object.assign(client, { rpc: { request } });
}

async function call(
  { url, timeoutSeconds, sdk, onRequest }: Server,
  service: string,
  method: string,
  data: unknown,
  headers: Record<string, string>,
): Promise<Record<string, unknown>> {
  const answer = await send(new URL(`/twirp/${service}/${method}`, url.replace(/^ws/, "http")), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(data),
    deadlineMs: timeoutSeconds * 1_000,
  }).catch((error: unknown) => {
    onRequest?.(method, undefined);
    throw error;
  });
  onRequest?.(method, answer.status);
  if (answer.ok) return livekitAnswer(answer, method, data, sdk);
  throw refusal(answer, sdk.ServerError);
}

/** Twirp's errors: `{code, msg, meta}`. */
function refusal({ status, text }: Answered, ServerError: ServerErrorType): Error {
  const body = looseJson(text);
  const { code, msg, meta } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const message = typeof msg === "string" ? msg : text || "no reason given";
  const metadata = typeof meta === "object" && meta !== null ? (meta as Record<string, string>) : undefined;
  return new ServerError(
    "ServerError",
    shortReason(message),
    status,
    typeof code === "string" ? code : undefined,
    metadata,
  );
}
