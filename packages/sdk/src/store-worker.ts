import { parentPort, workerData } from "node:worker_threads";
import { type EngineSettings, openEngine } from "./store/embedded/engine.ts";
import { answerFrom } from "./store/embedded/messages.ts";

// The thread of the embedded store: PostgreSQL itself, which blocks whoever runs it while it works.
const engine = await openEngine(workerData as EngineSettings, (message) => {
  parentPort?.postMessage(message);
  // Here and now, in the middle of the database: whatever it did next would be wrong.
  if (message.kind === "lost") process.exit();
});
parentPort?.on("message", async (request) => {
  const answer = await answerFrom(engine, request);
  parentPort?.postMessage(answer);
  if (request.kind === "close") parentPort?.close();
});
parentPort?.postMessage({ kind: "ready" });
