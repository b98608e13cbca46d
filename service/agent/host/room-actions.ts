import type { FromHost, RoomAction } from "./messages.ts";

/** Has the worker do what needs the project's key. @throws Error with LiveKit's reason. */
export type Act = (action: RoomAction) => Promise<void>;

/** Requests to the worker that wait for their answers. */
export class RoomActions {
  readonly #tell: (message: FromHost) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  #last = 0;

  constructor(tell: (message: FromHost) => void) {
    this.#tell = tell;
  }

  forJob(jobId: string): Act {
    return (action) => {
      const request = ++this.#last;
      const answer = Promise.withResolvers<void>();
      this.#waiting.set(request, answer);
      this.#tell({ type: "request", request, jobId, action });
      return answer.promise;
    };
  }

  answered(request: number, error?: string): void {
    const answer = this.#waiting.get(request);
    this.#waiting.delete(request);
    if (error === undefined) answer?.resolve();
    else answer?.reject(new Error(error));
  }
}
