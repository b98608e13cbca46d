import { setTimeout as sleep } from "node:timers/promises";
import { APIConnectionError } from "@livekit/agents";
import { WebSocket } from "ws";

interface Options {
  headers: Record<string, string>;
  /** For all attempts together. */
  timeoutMs: number;
  /** Aborts when the socket is not wanted any more. */
  signal: AbortSignal;
}

/** A server that is restarted, or a network that hiccups, is there again soon; one that refuses a key refuses it again. */
const PAUSES_MS = [200, 500];
const REFUSAL = /Unexpected server response: (4\d\d|200)/;

/** An open WebSocket. @throws APIConnectionError with the server's status, if there was an answer. */
export async function openSocket(url: string, options: Options): Promise<WebSocket> {
  const deadline = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  for (const pauseMs of PAUSES_MS) {
    try {
      return await attempt(url, options.headers, deadline);
    } catch (error) {
      if (deadline.aborted || REFUSAL.test(String(error))) throw error;
      await sleep(pauseMs);
    }
  }
  return attempt(url, options.headers, deadline);
}

function attempt(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    const stop = () => {
      socket.terminate();
      fail(new Error("the connection was not accepted in time, or is not wanted any more"));
    };
    const fail = ({ message }: Error) =>
      reject(
        new APIConnectionError({ message: `The model is unavailable: ${message}`, options: { retryable: false } }),
      );
    signal.addEventListener("abort", stop, { once: true });
    // For good: an error event that has no listener ends the process, and all its calls (livekit/agents-js#2539).
    socket.on("error", fail);
    socket.once("open", () => {
      signal.removeEventListener("abort", stop);
      resolve(socket);
    });
    if (signal.aborted) stop();
  });
}
