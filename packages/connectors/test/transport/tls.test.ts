import { createHash, X509Certificate } from "node:crypto";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Kappa4Error } from "../../src/index.ts";
import { errorFromStatus } from "../../src/transport/answers.ts";
import { createHttpClient } from "../../src/transport/http-client.ts";
import type { TlsOptions } from "../../src/transport/tls.ts";
import { jumpingClock, keepingLogger, startServer, type TestServer } from "./server.ts";

let server: TestServer;
let certificate: string;
let fingerprint: string;

beforeAll(async () => {
  const made = await generate([{ name: "commonName", value: "pve1" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  certificate = made.cert;
  fingerprint = createHash("sha256").update(new X509Certificate(certificate).raw).digest("hex");
  server = await startServer((_, response) => response.writeHead(200).end(), {
    key: made.private,
    cert: made.cert,
  });
});
afterAll(() => server.close());

async function call(tls: TlsOptions, method = "POST") {
  const logger = keepingLogger();
  const http = createHttpClient({
    connection: "gold",
    clock: jumpingClock(),
    random: () => 0,
    logger,
    baseUrls: [server.url],
    tls,
    classify: errorFromStatus,
  });
  const before = server.seen.length;
  const result = await http
    .request(method, "/", { operation: "ping", headers: { authorization: "hush" } })
    .then(
      (answer) => answer.status,
      (error: unknown) => error,
    );
  await http.close();
  return { result, logger, requests: server.seen.length - before };
}

it("trusts a CA that is given", async () => {
  expect((await call({ verify: "ca", ca: certificate })).result).toBe(200);
});

it("trusts a pin in either notation, or one of several", async () => {
  const colons = (fingerprint.toUpperCase().match(/../g) ?? []).join(":");
  expect((await call({ verify: "pin", sha256: colons })).result).toBe(200);
  expect((await call({ verify: "pin", sha256: ["00".repeat(32), fingerprint] })).result).toBe(200);
});

it.each(["GET", "POST"])("sends nothing of a %s when the pin is another", async (method) => {
  const { result, requests } = await call({ verify: "pin", sha256: "ab".repeat(32) }, method);
  expect(requests).toBe(0);
  expect(Kappa4Error.is(result, "auth") && result.outcome).toBe("not_applied");
  const seen = fingerprint.toUpperCase().match(/../g)?.join(":");
  expect(result).toMatchObject({
    message: `ping on "gold" was not sent: ${server.url} shows another certificate than the pinned one, with the SHA-256 ${seen}; compare that on the node itself and, if it is right, correct sha256 in \`tls\`.`,
  });
});

it("refuses a certificate that nobody vouches for, and says what to do", async () => {
  const { result, requests } = await call({ verify: "system" });
  expect(requests).toBe(0);
  expect(Kappa4Error.is(result, "auth") && result.message).toMatch(
    /verify: ca, caFile: FILE.*verify: pin, sha256/,
  );
});

it("checks nothing when told so, and logs it", async () => {
  const { result, logger } = await call({ verify: "none" });
  expect(result).toBe(200);
  expect(logger.entries[0]?.message).toBe("Certificates are not checked on this connection");
});
