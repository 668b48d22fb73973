import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Clock, Kappa4Error, type Logger } from "@kappa4/sdk";
import { within } from "../../core/within.ts";
import { parseBody, readBody } from "./http-body.ts";
import type { Deliver, Intake } from "./intake.ts";
import { createSignatureCheck } from "./signature.ts";

/** Options of {@link createHttpIntake}. */
export interface HttpIntakeOptions {
  readonly signingSecret: string;
  /** Default `127.0.0.1`: a proxy with a certificate stands in front. */
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const PATH = "/slack/events";
/** How long requests under way may take when the intake stops. */
const CLOSE_MS = 2000;

/** Takes signed requests over HTTP. The signature is checked before anything else looks at them. */
export function createHttpIntake(options: HttpIntakeOptions): Intake {
  const { logger } = options;
  const check = createSignatureCheck(options.signingSecret, options.clock);
  let deliver: Deliver = async () => undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "POST" || request.url?.split("?")[0] !== PATH) return end(response, 404);
    const raw = await readBody(request);
    if (raw === "too large") return end(response, 413);
    const body = parseBody(raw, request.headers["content-type"]);
    if (body?.ssl_check === "1") return end(response, 200);
    const signature = header(request, "x-slack-signature");
    const verdict = check.verify(
      { timestamp: header(request, "x-slack-request-timestamp"), signature },
      raw,
    );
    if (verdict === "forged") {
      logger.warn({}, "request without a valid signature was refused");
      return end(response, 401);
    }
    if (verdict === "replayed") {
      logger.warn({}, "request came again and is ignored");
      return end(response, 200);
    }
    if (body === undefined) return end(response, 400);
    if (body.type === "url_verification") return end(response, 200, { challenge: body.challenge });
    const requestKey = `signature:${createHash("sha256")
      .update(signature ?? "")
      .digest("hex")}`;
    await deliver({
      body,
      ack: async (content?: unknown) => end(response, 200, content),
      ...retryOf(request),
      customProperties: { requestKey },
    });
    // Every listener of ours acknowledges first, so only what has none gets here.
    if (!response.headersSent) end(response, 404);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      logger.error({ error }, "request failed");
      if (!response.headersSent) end(response, 500);
    });
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 10_000;

  return {
    init(app) {
      deliver = (event) => app.processEvent(event);
    },
    start: () => listen(server, options),
    async stop() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await within(options.clock, CLOSE_MS, closed);
      server.closeAllConnections();
    },
    isOpen: () => server.listening,
  };
}

function listen(
  server: Server,
  { host, port }: HttpIntakeOptions,
): Promise<{ readonly url: string }> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new Kappa4Error(
          "failed_precondition",
          `Slack requests cannot be taken on ${host}:${port}; choose another port or free this one.`,
          { cause: error },
        ),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      const actual = typeof address === "object" && address !== null ? address.port : port;
      resolve({ url: `http://${host}:${actual}${PATH}` });
    });
  });
}

function retryOf(request: IncomingMessage): { retryNum?: number; retryReason?: string } {
  const number = header(request, "x-slack-retry-num");
  const reason = header(request, "x-slack-retry-reason");
  return {
    ...(number === undefined ? {} : { retryNum: Number(number) }),
    ...(reason === undefined ? {} : { retryReason: reason }),
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Answers once: a second acknowledgement changes nothing. */
function end(response: ServerResponse, status: number, content?: unknown): void {
  if (response.headersSent) return;
  if (status >= 400) response.setHeader("connection", "close");
  if (content === undefined || content === "") {
    response.writeHead(status).end();
    return;
  }
  const isText = typeof content === "string";
  response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json" });
  response.end(isText ? content : JSON.stringify(content));
}
