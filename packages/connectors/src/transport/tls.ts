import { createHash } from "node:crypto";
import { TLSSocket } from "node:tls";
import { Agent, buildConnector } from "undici";

/** A client certificate for mutual TLS, both in PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** How the other side proves who it is. */
export type ServerTrust =
  | { readonly verify: "system" }
  /** `ca`: certificates in PEM that sign the server's. */
  | { readonly verify: "ca"; readonly ca: string }
  /** SHA-256 of the server's certificate in hex, with or without colons; several when each entry point has its own. */
  | { readonly verify: "pin"; readonly sha256: string | readonly string[] }
  /** No check at all: anybody on the way can read and change everything. */
  | { readonly verify: "none" };

/** How the other side proves who it is, and optionally how we do. */
export type TlsOptions = ServerTrust & {
  readonly clientCertificate?: ClientCertificate | undefined;
};

/** The certificate that came is not a pinned one; raised before any byte of the request is sent. */
export class PinMismatch extends Error {
  override readonly name = "PinMismatch";
  readonly code = "PIN_MISMATCH";
  /** SHA-256 of the certificate that came, as people compare it; undefined when none came. */
  readonly seen: string | undefined;

  constructor(seen: string | undefined) {
    super("the certificate is not a pinned one");
    this.seen = seen;
  }
}

/** An agent, and what it knows about its connections. */
export interface Lane {
  readonly agent: Agent;
  /** Whether a connection, TLS and pin included, was ever ready to carry a request. */
  isEstablished(): boolean;
}

/** Options of {@link openLane}. */
export interface LaneOptions {
  readonly connections: number;
  /** False: every request opens its own connection, so a socket the server closed meanwhile is never used. */
  readonly keepAlive: boolean;
  readonly connectTimeoutMs: number;
}

/** Makes an undici agent that checks the other side as `tls` says. Opens no socket by itself. */
export function openLane(tls: TlsOptions, options: LaneOptions): Lane {
  const pins = tls.verify === "pin" ? [tls.sha256].flat().map(normalizeFingerprint) : undefined;
  const connect = buildConnector({
    timeout: options.connectTimeoutMs,
    rejectUnauthorized: tls.verify === "system" || tls.verify === "ca",
    // A resumed session need not show its certificate again, so with a pin every handshake is a full one.
    ...(pins === undefined ? {} : { maxCachedSessions: 0 }),
    ...(tls.verify === "ca" ? { ca: tls.ca } : {}),
    ...(tls.clientCertificate === undefined
      ? {}
      : { cert: tls.clientCertificate.cert, key: tls.clientCertificate.key }),
  });
  let established = false;
  const agent = new Agent({
    connections: options.connections,
    pipelining: options.keepAlive ? 1 : 0,
    // Deadlines are the caller's: undici's own would cut long polls.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (target, callback) => {
      connect(target, (error, socket) => {
        if (error !== null) return callback(error, null);
        const seen = pins === undefined ? undefined : fingerprintOf(socket);
        if (pins !== undefined && (seen === undefined || !pins.includes(seen))) {
          socket.destroy();
          return callback(new PinMismatch(seen), null);
        }
        established = true;
        callback(null, socket);
      });
    },
  });
  return { agent, isEstablished: () => established };
}

/** Brings a fingerprint to the form that is compared: 64 lower-case hex digits. */
export function normalizeFingerprint(text: string): string {
  return text.replaceAll(":", "").trim().toLowerCase();
}

function fingerprintOf(socket: unknown): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { raw } = socket.getPeerCertificate();
  return raw === undefined ? undefined : createHash("sha256").update(raw).digest("hex");
}
