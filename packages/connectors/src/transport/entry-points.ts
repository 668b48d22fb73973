import { Kappa4Error } from "../contract/errors.ts";

/** The addresses under which one outside system answers, and which of them was last known to. */
export interface EntryPoints {
  /** The address to try first. */
  current(): string;
  /** The address after one that did not help, for another attempt of the same call. */
  after(baseUrl: string): string;
  /** Says that an address answered well where another one did not: the next calls go there. */
  prefer(baseUrl: string): void;
  /**
   * Says that an address did not answer at all, or nothing of use: the next calls start at another, unless they already
   * do. Returns where they start; the same where there is no other.
   */
  leave(baseUrl: string): string;
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
  let current = urls[0] ?? "";
  const after = (baseUrl: string): string =>
    urls[(urls.indexOf(baseUrl) + 1) % urls.length] ?? current;
  return {
    current: () => current,
    after,
    prefer: (baseUrl) => {
      current = baseUrl;
    },
    leave: (baseUrl) => {
      if (baseUrl === current) current = after(baseUrl);
      return current;
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
