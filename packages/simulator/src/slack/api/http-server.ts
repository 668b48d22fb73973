import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { SlackFault } from "../state/faults.ts";
import { limited } from "./call.ts";
import { type Answer, findTask, fromApi, type HttpParts, type Task } from "./tasks.ts";

const bodyLimit = 16 * 1024 * 1024;

/** Makes the HTTP server for the Web API, the response URLs and the uploads; it does not listen yet. */
export function createHttpServer(parts: HttpParts): Server {
  return createServer((request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
}

async function answer(
  parts: HttpParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const task = request.method === "POST" ? findTask(parts, request, body) : undefined;
  if (task === undefined) {
    send(response, { status: 404, headers: {}, text: "not found", shown: undefined });
    return;
  }
  const fault = parts.workspace.faults.take(task.method);
  if (fault?.kind === "slow") await wait(fault.delayMs);
  if (fault?.kind === "reset" && fault.when === "before") {
    note(parts, task, { fault, sent: undefined, done: undefined });
    request.socket.resetAndDestroy();
    return;
  }
  const refused = refusal(fault);
  const done = refused === undefined ? task.work() : undefined;
  if (fault?.kind === "reset") {
    note(parts, task, { fault, sent: undefined, done });
    request.socket.resetAndDestroy();
    return;
  }
  const sent = done ?? refused;
  note(parts, task, { fault, sent, done });
  if (sent !== undefined) send(response, sent);
}

/** The answer that a fault gives in place of the work. */
function refusal(fault: SlackFault | undefined): Answer | undefined {
  if (fault?.kind === "rate_limited") return fromApi(limited(fault.retryAfterSeconds));
  if (fault?.kind === "error") {
    return fromApi({ status: 200, headers: {}, body: { ok: false, error: fault.error } });
  }
  if (fault?.kind !== "http_error") return undefined;
  return { status: fault.status, headers: {}, text: "upstream error", shown: undefined };
}

function note(
  parts: HttpParts,
  task: Task,
  outcome: {
    readonly fault: SlackFault | undefined;
    readonly sent: Answer | undefined;
    readonly done: Answer | undefined;
  },
): void {
  const { fault, sent, done } = outcome;
  const error = sent?.shown?.error;
  parts.log.add({
    at: parts.workspace.time.now(),
    method: task.method,
    args: task.args,
    token: task.token,
    status: sent?.status,
    ok: sent !== undefined && isOk(sent),
    error: typeof error === "string" ? error : undefined,
    answer: sent?.shown,
    isFaulty: fault !== undefined,
    isApplied: done !== undefined && isOk(done),
  });
}

function isOk(answer: Answer): boolean {
  return answer.status === 200 && answer.shown?.ok !== false;
}

function send(response: ServerResponse, given: Answer): void {
  response.writeHead(given.status, given.headers);
  response.end(given.text);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > bodyLimit) throw new Error("A request to the simulated Slack is too large.");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
