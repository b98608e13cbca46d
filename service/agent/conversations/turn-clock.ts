/** Measures how long callers wait for an answer. Times in milliseconds since 1970. */
export class TurnClock {
  #lastAnswerAt = Number.POSITIVE_INFINITY;

  /**
   * The agent begins to speak.
   * @param callerSoundAt when the caller was heard last
   * @returns how long the caller has waited; undefined when the agent speaks on, or of its own accord.
   */
  agentSpeaks(at: number, callerSoundAt: number | undefined): number | undefined {
    const hasSpoken = callerSoundAt !== undefined && callerSoundAt > this.#lastAnswerAt;
    this.#lastAnswerAt = at;
    return hasSpoken ? Math.max(0, at - callerSoundAt) : undefined;
  }
}
