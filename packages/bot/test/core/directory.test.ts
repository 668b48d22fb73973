import { Kappa4Error, type UserView } from "@kappa4/sdk";
import { describe, expect, it } from "vitest";
import { createDirectory } from "../../src/core/directory.ts";

const HERE = { platform: "slack", workspace: "T1" } as const;
const ELSEWHERE = { ...HERE, workspace: "T2" } as const;

/** A directory of one person, in the workspace T1; the person can be changed under it. */
function directoryOf(person: Partial<UserView>) {
  const id = "usr_01h455vb4pex5vsknk084sn02q" as UserView["id"];
  const user: UserView = {
    ...{ id, name: "Ana", email: "ana@example.com", status: "active", accounts: [] },
    ...{ createdAt: new Date(0), ...person },
  };
  const now = { user, resolved: 0 };
  const users = {
    list: async () => [now.user],
    get: async ({ user: asked }: { readonly user: string }) => {
      if (asked === id) return now.user;
      throw new Kappa4Error("not_found", "There is nobody by that name.");
    },
    async resolve() {
      now.resolved += 1;
      return now.user;
    },
  };
  const clock = { now: () => 0, sleep: async () => undefined };
  return { id, now, directory: createDirectory({ ...HERE, kappa4: { users }, clock }) };
}

describe("the person that an account belongs to", () => {
  it("is looked up once a minute, and again when they are to be forgotten", async () => {
    const { id, now, directory } = directoryOf({});
    const account = { id: "UANA", team: "T1" };
    for (let index = 0; index < 3; index += 1) {
      expect(await directory.personOf(account, "Ana")).toBe(id);
    }
    expect(now.resolved).toBe(1);
    directory.forget({ id: "UANA", team: "T2" });
    await directory.personOf(account, "Ana");
    expect(now.resolved).toBe(1);
    directory.forget(account);
    await directory.personOf(account, "Ana");
    expect(now.resolved).toBe(2);
  });
});

describe("the account where somebody is told directly", () => {
  it("is theirs in the workspace that is served, whichever was linked first", async () => {
    const accounts = [
      { ...ELSEWHERE, account: "UELSEWHERE" },
      { ...HERE, platform: "discord", account: "4711" },
      { ...HERE, account: "UANA" },
    ];
    const { id, directory } = directoryOf({ accounts });
    expect(await directory.accountOf(id)).toBe("UANA");
    const away = directoryOf({ accounts: accounts.slice(0, 2) });
    expect(await away.directory.accountOf(id)).toBeUndefined();
    expect((await away.directory.who())(id)).toBe("Ana");
    expect(await directory.accountOf("usr_nobody")).toBeUndefined();
  });

  it("is nobody's from the moment on in which they are disabled", async () => {
    const { id, now, directory } = directoryOf({ accounts: [{ ...HERE, account: "UANA" }] });
    await directory.who();
    expect(await directory.accountOf(id)).toBe("UANA");
    now.user = { ...now.user, status: "disabled" };
    expect(await directory.accountOf(id)).toBeUndefined();
  });
});
