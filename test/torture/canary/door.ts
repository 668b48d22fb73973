import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import { type Request, requestsIn } from "./requests.ts";

/** A door in front of a server that keeps every byte that passes, and changes none. */
export interface Door {
  readonly name: string;
  readonly port: number;
  /** What was sent in, connection by connection. */
  requests(): readonly Request[];
  /** What came back. */
  answers(): Buffer;
  close(): Promise<void>;
}

/** The server behind a door. */
export interface Behind {
  readonly port: number;
  /** Its own certificate and key, so that whoever pins it sees no difference. Default: plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

interface Passage {
  readonly sent: Buffer[];
  readonly answered: Buffer[];
}

/** Opens a door. */
export async function openDoor(name: string, { port, tls }: Behind): Promise<Door> {
  const passages: Passage[] = [];
  const sockets = new Set<Socket>();
  const pass = (outside: Socket): void => {
    const inside =
      tls === undefined
        ? connect(port, "127.0.0.1")
        : connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
    const passage: Passage = { sent: [], answered: [] };
    passages.push(passage);
    join(outside, inside, passage.sent);
    join(inside, outside, passage.answered);
    for (const socket of [outside, inside]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
  };
  const server: Server = tls === undefined ? createServer(pass) : createTlsServer(tls, pass);
  // Whoever does not trust the certificate hangs up.
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    name,
    port: (server.address() as AddressInfo).port,
    requests: () => passages.flatMap(({ sent }) => requestsIn(Buffer.concat(sent))),
    answers: () => Buffer.concat(passages.flatMap(({ answered }) => answered)),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function join(from: Socket, to: Socket, kept: Buffer[]): void {
  from.on("data", (chunk: Buffer) => {
    kept.push(chunk);
    to.write(chunk);
  });
  from.on("end", () => to.end());
  from.on("close", () => to.destroy());
  from.on("error", () => to.destroy());
}
