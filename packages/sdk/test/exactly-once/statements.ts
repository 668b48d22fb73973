import { Worker } from "node:worker_threads";
import { Client } from "pg";
import { Follower, type Reach } from "./points.ts";

type Query = (this: Client, ...given: unknown[]) => unknown;

/** Follows what this process says to the store, whichever it is, from outside of all product code. */
export function followStatements(reach: Reach): void {
  followServer(reach);
  followThread(reach);
}

function followServer(reach: Reach): void {
  const followers = new WeakMap<Client, Follower>();
  const query = Client.prototype.query as unknown as Query;
  const followed: Query = function (...given) {
    const [first] = given;
    const text = typeof first === "string" ? first : String(Object(first).text ?? "");
    const follower = followers.get(this) ?? new Follower(reach);
    followers.set(this, follower);
    const at = follower.follow(text);
    at("before");
    const result = query.apply(this, given);
    at("sent");
    if (!(result instanceof Promise)) return result;
    return result.then((rows) => {
      at("answered");
      return rows;
    });
  };
  Object.assign(Client.prototype, { query: followed });
}

/** The embedded store has one connection: its statements are messages to a thread. */
function followThread(reach: Reach): void {
  const follower = new Follower(reach);
  const waiting = new Map<unknown, () => void>();
  const post = Worker.prototype.postMessage;
  const followed = new WeakSet<Worker>();
  Worker.prototype.postMessage = function (this: Worker, message: unknown, ...rest) {
    const { kind, sql, id } = Object(message);
    if (kind !== "query") return post.call(this, message, ...rest);
    if (!followed.has(this)) {
      followed.add(this);
      // Before the store itself hears the answer.
      this.prependListener("message", (answer) => {
        const tell = waiting.get(Object(answer).id);
        waiting.delete(Object(answer).id);
        tell?.();
      });
    }
    const at = follower.follow(String(sql));
    at("before");
    waiting.set(id, () => at("answered"));
    post.call(this, message, ...rest);
    at("sent");
  };
}
