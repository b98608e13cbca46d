import { voice } from "@livekit/agents";

/** What the agent is about to say, is saying, or has tools to run for: each answer from its beginning to its end, also one without a word. */
export class PendingSpeech {
  readonly #handles = new Set<voice.SpeechHandle>();

  /** @param onDone called when nothing is left; whether the last was said whole, or the caller has interrupted it. */
  constructor(session: voice.AgentSession, onDone: (isWhole: boolean) => void) {
    session.on(voice.AgentSessionEventTypes.SpeechCreated, ({ speechHandle }) => {
      this.#handles.add(speechHandle);
      speechHandle.addDoneCallback(() => {
        this.#handles.delete(speechHandle);
        if (!this.isAny) onDone(!speechHandle.interrupted);
      });
    });
  }

  get isAny(): boolean {
    return this.#handles.size > 0;
  }
}
