import { parentPort } from "node:worker_threads";
import { engineFunctions } from "./engine-functions.ts";
import type { EngineAnswer, EngineCall } from "./engine-thread.ts";

// The engine's thread: answers one call after the other, whatever function of the engine is asked for.
parentPort?.on("message", ({ id, name, args }: EngineCall) => {
  parentPort?.postMessage(answer(id, name, args));
});

function answer(id: number, name: EngineCall["name"], args: EngineCall["args"]): EngineAnswer {
  try {
    return { id, value: Reflect.apply(engineFunctions[name], undefined, args) };
  } catch (error) {
    return { id, error };
  }
}
