import { type Canary, LOGIN } from "./canaries.ts";
import { Scanner, type Sighting } from "./scan.ts";

/** A request as it went over the line. */
export interface Request {
  readonly line: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** Takes apart what was sent over one connection; the last request may have been cut off. */
export function requestsIn(sent: Buffer): readonly Request[] {
  const requests: Request[] = [];
  let rest = sent;
  while (rest.length > 0) {
    const end = rest.indexOf("\r\n\r\n");
    const head = rest.subarray(0, end === -1 ? rest.length : end).toString("latin1");
    const [line = "", ...fields] = head.split("\r\n");
    const headers = fields.map((field): readonly [string, string] => {
      const colon = field.indexOf(":");
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    });
    const start = end === -1 ? rest.length : end + 4;
    const value = (name: string): string | undefined =>
      headers.find(([other]) => other === name)?.[1];
    // What has no length, or is no HTTP any more, is one body up to the end.
    const isOpen = value("transfer-encoding") !== undefined || value("upgrade") !== undefined;
    const length = isOpen ? rest.length - start : Number(value("content-length") ?? 0);
    requests.push({ line, headers, body: rest.subarray(start, start + length) });
    rest = rest.subarray(start + length);
  }
  return requests;
}

/** Where somebody proves who they are by a form. Bolt asks Slack who it is in this way. */
const LOGS_IN = /^POST \/(api2\/json\/access\/ticket|api\/auth\.test) /;

/** Finds what requests to a host tell that it must not be told, or not in that place. */
export function indiscretions(
  host: string,
  requests: readonly Request[],
  canaries: readonly Canary[],
): readonly Sighting[] {
  const scanners = new Map<string, Scanner>();
  const scannerOf = (part: string): Scanner => {
    const made = scanners.get(part) ?? new Scanner(canaries.filter((one) => !isTold(one, part)));
    scanners.set(part, made);
    return made;
  };
  const isTold = ({ told }: Canary, part: string): boolean =>
    told?.host === host && told.in.includes(part);
  return requests.flatMap(({ line, headers, body }) => {
    const what = line.split(/[ ?]/).slice(0, 2).join(" ");
    const look = (part: string, content: string | Buffer): readonly Sighting[] =>
      scannerOf(part).look(`HTTP to ${host}, ${part} of ${what}`, content);
    return [
      ...look("address", line),
      ...headers.flatMap(([name, value]) => look(name, `${name}: ${value}`)),
      ...look(LOGS_IN.test(line) ? LOGIN : "body", body),
    ];
  });
}
