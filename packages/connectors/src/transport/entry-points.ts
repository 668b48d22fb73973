import { Kappa4Error } from "../contract/errors.ts";

/** The addresses under which one outside system answers, and which of them was last known to. */
export interface EntryPoints {
  readonly count: number;
  current(): string;
  /** Moves on to the next address, unless somebody else already has. */
  leave(baseUrl: string): void;
}

/** Makes the list; throws `config_invalid` for an address that is no http(s) URL or carries a password. */
export function createEntryPoints(baseUrls: readonly string[], connection: string): EntryPoints {
  const urls = baseUrls.map((text) => checkBaseUrl(text, connection));
  if (urls.length === 0) {
    throw new Kappa4Error(
      "config_invalid",
      `Connection "${connection}" has no address; give one.`,
      {
        context: { connector: connection },
      },
    );
  }
  let index = 0;
  const current = (): string => urls[index] ?? "";
  return {
    count: urls.length,
    current,
    leave: (baseUrl) => {
      if (baseUrl === current()) index = (index + 1) % urls.length;
    },
  };
}

function checkBaseUrl(text: string, connection: string): string {
  const url = URL.parse(text);
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === null || !isWeb || url.username !== "" || url.password !== "" || url.search !== "") {
    throw new Kappa4Error(
      "config_invalid",
      `Connection "${connection}" has an address that is not a plain URL; write it like https://host:port.`,
      { context: { connector: connection } },
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
