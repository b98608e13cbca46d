/** LiveKit's API as far as webhooks ask it: each answer after what the real servers took (BENCH_DELAYS, JSON: ms by method). */
import { createServer } from "node:http";

const delays = new Map(Object.entries(JSON.parse(process.env.BENCH_DELAYS ?? "{}") as Record<string, number>));

createServer((request, response) => {
  const method = request.url?.split("/").at(-1) ?? "";
  request.resume().once("end", () => setTimeout(() => response.end("{}"), delays.get(method) ?? 0));
  response.setHeader("content-type", "application/json");
}).listen(Number(process.env.PORT), "127.0.0.1");
