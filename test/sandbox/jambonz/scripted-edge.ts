import type { Edge } from "../../../sandbox/jambonz/leg.ts";
import type { EdgeCommand, EdgeEvent } from "../../../sandbox/jambonz/protocol.ts";

/** An edge without sockets: keeps what it is told with the time, ends plays when their time is over. */
export class ScriptedEdge implements Edge {
  readonly log: { at: number; command: EdgeCommand }[] = [];
  onEvent: (event: EdgeEvent) => void = () => {};
  readonly #started = Date.now();

  send(command: EdgeCommand): void {
    this.log.push({ at: Date.now() - this.#started, command });
    if (command.command === "play" && !command.loop) {
      const ms = command.segments.reduce((sum, segment) => sum + segment.ms, 0);
      setTimeout(() => this.onEvent({ event: "played", leg: command.leg, play: command.play }), ms);
    }
    if (command.command === "hangup" || command.command === "decline") {
      const { leg } = command;
      queueMicrotask(() => this.onEvent({ event: "ended", leg, by: "local" }));
    }
  }

  /** Commands of one name, in order. */
  sent<Name extends EdgeCommand["command"]>(name: Name): Extract<EdgeCommand, { command: Name }>[] {
    return this.log.map((entry) => entry.command).filter((command) => command.command === name) as Extract<
      EdgeCommand,
      { command: Name }
    >[];
  }

  /** When the first command of that name was sent, ms since this edge was made. */
  timeOf(name: EdgeCommand["command"]): number | undefined {
    return this.log.find((entry) => entry.command.command === name)?.at;
  }
}
