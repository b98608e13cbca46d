import { createSocket, type Socket } from "node:dgram";

/** A SIP address at which it is always busy: answers every INVITE over UDP with 486, so that no leg lives on. */
export async function openBusyPhone(): Promise<{ address: string; close(): void }> {
  const socket = createSocket("udp4");
  socket.on("message", (data, { port, address }) => decline(socket, data.toString("latin1"), port, address));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${socket.address().port}`, close: () => void socket.close() };
}

function decline(socket: Socket, request: string, port: number, address: string): void {
  if (!request.startsWith("INVITE ")) return;
  const lines = request.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line));
  const answered = lines.map((line) => (/^To:/i.test(line) ? `${line};tag=busy` : line));
  const answer = ["SIP/2.0 486 Busy Here", ...answered, "Content-Length: 0", "", ""].join("\r\n");
  socket.send(answer, port, address);
}
