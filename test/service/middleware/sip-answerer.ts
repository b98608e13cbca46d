import { createSocket, type RemoteInfo, type Socket } from "node:dgram";

/** A SIP address over UDP that answers every INVITE with one status, and keeps what it got. */
export interface SipAnswerer {
  port: number;
  requests: string[];
  close(): void;
}

export function answerSip(status: "180 Ringing" | "486 Busy Here"): Promise<SipAnswerer> {
  const socket = createSocket("udp4");
  const requests: string[] = [];
  socket.on("message", (message, peer) => {
    const request = message.toString();
    requests.push(request);
    if (request.startsWith("INVITE ")) reply(socket, peer, request, status);
    if (request.startsWith("CANCEL ")) reply(socket, peer, request, "200 OK");
  });
  return new Promise((resolve) => {
    socket.bind(0, "127.0.0.1", () => resolve({ port: socket.address().port, requests, close: () => socket.close() }));
  });
}

function reply(socket: Socket, peer: RemoteInfo, request: string, status: string): void {
  const copied = request.split("\r\n").filter((line) => /^(Via|From|Call-ID|CSeq):/i.test(line));
  const to = `${headerOf(request, "To") ?? ""};tag=answerer`;
  const lines = [`SIP/2.0 ${status}`, ...copied, `To: ${to}`, "Content-Length: 0", "", ""];
  socket.send(lines.join("\r\n"), peer.port, peer.address);
}

/** A header's value in a SIP message. */
export function headerOf(message: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(.*)\r$`, "im").exec(message)?.[1];
}
