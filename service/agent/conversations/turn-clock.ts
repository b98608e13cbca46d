/** Measures how long callers wait for an answer, from what a session says of both sides. Times in milliseconds since 1970. */
export class TurnClock {
  #callerStoppedAt: number | undefined;

  callerSpeaks(): void {
    this.#callerStoppedAt = undefined;
  }

  callerStopped(at: number): void {
    this.#callerStoppedAt = at;
  }

  /** How long the caller has waited; undefined when the agent speaks on, or of its own accord. */
  agentSpeaks(at: number): number | undefined {
    const since = this.#callerStoppedAt;
    this.#callerStoppedAt = undefined;
    return since === undefined ? undefined : Math.max(0, at - since);
  }
}
