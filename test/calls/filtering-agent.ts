/** The example's agent behind a filter that lets nothing through: whether a filter is in the way is then told by what the models hear. */
import { type AudioFrame, FrameProcessor } from "@livekit/rtc-node";
import agent from "../../examples/own-agent/agent.ts";

class Wall extends FrameProcessor<AudioFrame> {
  isEnabled(): boolean {
    return true;
  }

  setEnabled(): void {
    // always
  }

  process(frame: AudioFrame): AudioFrame {
    frame.data.fill(0);
    return frame;
  }

  close(): void {
    // nothing is held
  }
}

// biome-ignore lint/style/noDefaultExport: the agent looks for it there
export default { ...agent, noiseCancellation: () => new Wall() };
