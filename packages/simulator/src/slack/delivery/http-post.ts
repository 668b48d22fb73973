import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** What an app answered to a request of Slack. */
export interface PostAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/**
 * Posts a body on a connection of its own and reads the answer.
 * Resolves to "timeout" or "unreachable" when there is none.
 */
export function postRequest(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
): Promise<PostAnswer | "timeout" | "unreachable"> {
  const target = new URL(url);
  const open = target.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const length = String(Buffer.byteLength(body));
    const options = {
      method: "POST",
      headers: { ...headers, "content-length": length },
      agent: false,
    };
    const outgoing = open(target, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", () => settle("unreachable"));
      incoming.on("end", () => {
        settle({
          status: incoming.statusCode ?? 0,
          contentType: incoming.headers["content-type"] ?? "",
          text: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    const timer = setTimeout(() => {
      settle("timeout");
      outgoing.destroy();
    }, timeoutMs);
    const settle = (answer: PostAnswer | "timeout" | "unreachable"): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    outgoing.on("error", () => settle("unreachable"));
    outgoing.end(body);
  });
}
