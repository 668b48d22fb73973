import { Refusal } from "../refusal.ts";
import type { SlackIds } from "./ids.ts";

/** A file that the app uploads in three steps: ask for a place, send the bytes, complete. */
export interface SlackUpload {
  readonly id: string;
  readonly filename: string;
  readonly length: number;
  readonly altText: string | undefined;
  readonly snippetType: string | undefined;
  readonly title: string | undefined;
  /** Undefined until the bytes have come. */
  readonly bytes: Buffer | undefined;
  /** When the upload was completed, in milliseconds since the epoch. */
  readonly completedAt: number | undefined;
  readonly channel: string | undefined;
  readonly threadTs: string | undefined;
  readonly initialComment: string | undefined;
}

/** Keeps the files of the workspace. */
export class UploadStore {
  readonly #uploads = new Map<string, SlackUpload>();
  readonly #tickets = new Map<string, string>();
  readonly #ids: SlackIds;

  constructor(ids: SlackIds) {
    this.#ids = ids;
  }

  /** Reserves a place and returns the secret end of its upload address. */
  reserve(draft: Pick<SlackUpload, "filename" | "length" | "altText" | "snippetType">): {
    readonly upload: SlackUpload;
    readonly ticket: string;
  } {
    const upload: SlackUpload = {
      ...draft,
      id: this.#ids.id("F"),
      title: undefined,
      bytes: undefined,
      completedAt: undefined,
      channel: undefined,
      threadTs: undefined,
      initialComment: undefined,
    };
    const ticket = this.#ids.secret();
    this.#uploads.set(upload.id, upload);
    this.#tickets.set(ticket, upload.id);
    return { upload, ticket };
  }

  /** Takes the bytes for a place; false when the address is unknown or the length is not the announced one. */
  receive(ticket: string, bytes: Buffer): boolean {
    const upload = this.#uploads.get(this.#tickets.get(ticket) ?? "");
    if (upload === undefined || bytes.length !== upload.length) return false;
    this.#tickets.delete(ticket);
    this.#uploads.set(upload.id, { ...upload, bytes });
    return true;
  }

  /** Ends an upload. Throws `file_not_found` when there is nothing to end. */
  complete(
    id: string,
    shared: Pick<SlackUpload, "title" | "completedAt" | "channel" | "threadTs" | "initialComment">,
  ): SlackUpload {
    const upload = this.find(id);
    if (upload?.bytes === undefined) throw new Refusal("file_not_found");
    const completed = { ...upload, ...shared };
    this.#uploads.set(id, completed);
    return completed;
  }

  find(id: string): SlackUpload | undefined {
    return this.#uploads.get(id);
  }

  all(): readonly SlackUpload[] {
    return [...this.#uploads.values()];
  }
}
