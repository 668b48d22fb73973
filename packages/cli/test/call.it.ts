import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openStore } from "../../sdk/src/store/index.ts";
import { openLab } from "./support/lab.ts";
import { runCli } from "./support/run-cli.ts";

describe("actions", () => {
  test("lists every action, and describes one for programs", async () => {
    const { code, stdout } = await runCli(["actions"]);
    expect(code).toBe(0);
    for (const name of ["rebalance.plan", "approvals.approve", "runs.watch"]) {
      expect(stdout).toContain(name);
    }
    const { stdout: json } = await runCli(["actions", "runs.get", "--json"]);
    expect(JSON.parse(json)).toMatchObject([
      { name: "runs.get", kind: "read", permission: "runs.read", input: { required: ["run"] } },
    ]);
  });

  test("shows what one takes, and how it is called", async () => {
    const { code, stdout } = await runCli(["actions", "rebalance.apply", "--width", "200"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Field +Takes +Required +Default +Meaning/);
    expect(stdout).toMatch(/plan +text +yes +.*by its id/i);
    expect(stdout).toMatch(/reason +text of 3 to 500 characters +no/);
    expect(stdout).toContain(`kappa4 call rebalance.apply --input '{"plan":"…"}'`);
    const whatIf = await runCli(["actions", "rebalance.whatIf", "--width", "200"]);
    expect(whatIf.stdout).toMatch(/Inside changes\n/);
    expect(whatIf.stdout).toMatch(/changes\[\]\.like +text +no +Of node-added\. The node/);
    expect(whatIf.stdout).toMatch(/options\.limits\.memoryUsed +a number or null +no +0\.95/);
    const { stdout: none } = await runCli(["actions", "service.status"]);
    expect(none).toContain("It takes nothing.");
    expect((await runCli(["help", "call"])).stdout).toContain("`kappa4 actions ACTION`");
  });

  test("guesses what was meant", async () => {
    const { code, stderr } = await runCli(["actions", "runs.lst"]);
    expect(code).toBe(2);
    expect(stderr).toContain("there is no action runs.lst; did you mean runs.list?");
  });
});

describe("call", () => {
  test("makes a plan, carries it out, and prints how it ended", async () => {
    const lab = await openLab({ timeScale: 60 });
    const planned = await lab.run("call rebalance.plan");
    expect(planned.code).toBe(0);
    const nobody = '{"guest":"wikki","reason":"It-hangs."}';
    const refused = await lab.run(`call instances.restart --wait --input ${nobody}`);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^kappa4: small has no guest "wikki"/);
    const { shortId, content } = JSON.parse(planned.stdout);
    expect(content.moves.length).toBeGreaterThan(0);
    expect(lab.writes()).toBe(0);
    const input = JSON.stringify({ plan: shortId });
    const applied = await lab.run(`call rebalance.apply --wait --input ${input}`);
    expect(applied.code).toBe(0);
    expect(JSON.parse(applied.stdout)).toMatchObject({ state: "succeeded" });
    expect(lab.simulator.moves).toHaveLength(content.moves.length);
  });

  test("says of a run that is left who carries it out, and works on runs only where it is asked to", async () => {
    const lab = await openLab({ timeScale: 60 });
    const { shortId } = JSON.parse((await lab.run("call rebalance.plan")).stdout);
    const left = await lab.run(`call rebalance.apply --input ${JSON.stringify({ plan: shortId })}`);
    expect(left.code).toBe(0);
    const { run } = JSON.parse(left.stdout);
    expect(left.stderr).toContain(
      `Run ${run.shortId} is carried out by a program that works on runs`,
    );
    const input = JSON.stringify({ run: run.shortId });
    const asked = lab.simulator.requests.length;
    // Nobody works on it, so it goes on for ever: whoever reads goes away.
    const watched = await lab.run(`call runs.watch --input ${input}`, {
      onWrite: (text) => {
        if (text.startsWith("{")) throw new Error("Enough was read.");
      },
    });
    expect(watched.stderr).toContain(`note: This only waits for run ${run.shortId}`);
    expect(watched.stderr).toContain("Enough was read.");
    expect(lab.simulator.requests).toHaveLength(asked);
    // Who is refused, and who changes something else, begins nothing of others either.
    const again = JSON.stringify({ plan: shortId });
    const twice = await lab.run(`call rebalance.apply --wait --input ${again}`);
    expect(twice.stderr).toContain("was applied already");
    await lab.run(`call users.create --input '{"email":"eve@example.com","name":"Eve"}'`);
    const still = JSON.parse((await lab.run(`call runs.get --input ${input}`)).stdout);
    expect(still).toMatchObject({ state: "queued" });
    const waited = await lab.run(`call runs.wait --work --input ${input}`);
    expect(JSON.parse(waited.stdout)).toMatchObject({ id: run.id, state: "succeeded" });
    const over = await lab.run(`call runs.wait --input ${input}`);
    expect(over).toMatchObject({ code: 0, stderr: "", stdout: waited.stdout });
    const ana = '{"email":"ana@example.com","name":"Ana"}';
    await lab.run(`call users.create --input ${ana}`);
    const grant =
      '{"user":"ana@example.com","role":"viewer","scope":"connection:gld","reason":"new"}';
    const given = await lab.run(`call grants.give --wait --input ${grant}`);
    expect(given.stderr).toContain(
      "note: The configuration has no connection gld; did you mean gold?",
    );
    expect(JSON.parse(given.stdout)).toMatchObject({ state: "succeeded" });
  });

  test("what was carried out stands in the status and in the history, for people and programs", async () => {
    const lab = await openLab({ timeScale: 60 });
    await lab.run("rebalance apply --yes");
    const { stdout: shown } = await lab.run("rebalance status --width 200");
    expect(shown).toMatch(/Under way +nothing\n/);
    expect(shown).toMatch(/Last +R-\w{4}, succeeded, (\d+) of \1 moves, ended /);
    const [standing] = JSON.parse((await lab.run("rebalance status --json")).stdout);
    expect(standing).toMatchObject({ last: { state: "succeeded" }, plan: { state: "consumed" } });
    const { stdout: listed } = await lab.run("rebalance history --width 200");
    expect(listed).toMatch(new RegExp(`${standing.last.shortId}.*Succeeded.*local`));
    expect((await lab.run("rebalance status --connection nowhere")).code).not.toBe(0);
    expect((await lab.run("rebalance history --limit none")).code).toBe(2);
  });

  test("exports the record as a file that verifies", async () => {
    const lab = await openLab({ timeScale: 60 });
    await lab.run("rebalance apply --yes");
    const { stdout } = await lab.run("call audit.export");
    const exported = await lab.run("audit export record.jsonl");
    expect(exported.code, exported.stderr).toBe(0);
    expect(exported.stdout).toContain("Verify it: kappa4 audit verify record.jsonl");
    const file = join(lab.directory, "record.jsonl");
    expect(readFileSync(file, "utf8").split("\n").length).toBeGreaterThan(5);
    const over = await lab.run("audit export record.jsonl");
    expect(over.code).toBe(2);
    expect(over.stderr).toContain("record.jsonl is there already; name another file, or");
    const replaced = await lab.run("audit export record.jsonl --force --json");
    expect(JSON.parse(replaced.stdout)).toEqual({ file, lines: expect.any(Number), waiting: 0 });
    expect(replaced.stderr).toBe("");
    const { code, stdout: verdict } = await lab.run("audit verify record.jsonl");
    expect(code, verdict).toBe(0);
    expect(stdout).toMatch(/via\W+terminal/);
  });

  test("says of the record how many entries are not in it yet", async () => {
    const lab = await openLab({ timeScale: 60 });
    expect(await lab.run("call audit.export")).toMatchObject({ code: 0, stderr: "" });
    const store = await openStore({ path: join(lab.directory, ".kappa4") });
    // As they stand while what began before them is not over, which the embedded store has only for itself.
    await store.queue.executeSql(`insert into kappa4.audit (org_id, id, at, body, xid)
      select id, gen_random_uuid(), now(), '{}', '9999999999' from kappa4.orgs, generate_series(1, 2)`);
    await store.close();
    const { code, stdout, stderr } = await lab.run("audit export record.jsonl --json");
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, waiting: 2 });
    expect(stderr).toMatch(/^note: 2 entries are not in it: they wait for something that writes/);
    expect((await lab.run("call audit.export")).stderr).toBe(stderr);
    expect((await lab.run("audit verify record.jsonl")).code).toBe(0);
  });

  test("lists what has happened, for people and programs", async () => {
    const lab = await openLab({ timeScale: 60 });
    // Who only looks makes no store.
    const none = await lab.run("events list");
    expect(none).toMatchObject({ code: 0, stdout: expect.stringContaining("There are none.") });
    expect(none.stderr).toContain(`There is no store in ${join(lab.directory, ".kappa4")} yet`);
    expect(existsSync(join(lab.directory, ".kappa4"))).toBe(false);
    await lab.run("rebalance apply --yes");
    const { code, stdout } = await lab.run("events list --width 200");
    expect(code).toBe(0);
    expect(stdout).toMatch(/info +Run R-\w{4} of rebalance\.apply on \w+: succeeded\./);
    const listed = await lab.run("events list --type run.ended --limit 1 --json");
    expect(JSON.parse(listed.stdout)).toMatchObject([{ type: "run.ended", deliveries: [] }]);
    expect((await lab.run("events list --failed")).stdout).toContain("There are none.");
    const of = await lab.run("events list --connection gold --type run.ended --limit 1 --json");
    expect(of.stdout).toBe(listed.stdout);
    const nowhere = await lab.run("events list --connection nowhere");
    expect(nowhere.stderr).toContain('There is no connection "nowhere"');
  });

  test("says whom a plan waits for that needs somebody else's yes, and where they say it", async () => {
    const lab = await openLab({ timeScale: 60 });
    const file = join(lab.directory, "kappa4.yaml");
    const policy = 'approvals: { local: required, quorum: { "1": { approvals: 1 } } }';
    writeFileSync(file, readFileSync(file, "utf8").replace(/^approvals:.*$/m, policy));
    const program = await lab.open();
    const people = [{ name: "Eva", email: "eva@example.com", role: "admin" }];
    await program.as({ actor: { kind: "system" }, via: "sdk" }).users.bring({ people });
    await program.close();
    const { code, stdout, stderr } = await lab.run("rebalance apply --yes");
    expect({ code, stderr }).toEqual({ code: 11, stderr: "" });
    expect(stdout).toMatch(/Approval A-\w{4} was asked for by whoever holds this machine/);
    expect(stdout).toMatch(/nobody votes here: .* in Slack.*\nwith \/approve A-\w{4}\./);
    expect(stdout).toMatch(/How it stands says \/approve show A-\w{4} there/);
    const [, next = ""] = /only while nothing else has it open: kappa4 (.+)\n/.exec(stdout) ?? [];
    const { stdout: shown } = await lab.run(next.replaceAll("'", ""));
    expect(JSON.parse(shown)).toMatchObject({ state: "pending", requestedBy: "local" });
    expect(lab.writes()).toBe(0);
  });

  test("says what is wrong with the input, and opens nothing", async () => {
    const lab = await openLab();
    const cases = [
      ["call runs.lst", "there is no action runs.lst; did you mean runs.list?"],
      ["call close", "there is no action close"],
      ["call runs.get --input {x", "--input: is no JSON"],
      [
        'call roles.create --input {"permissions":["user.write"]}',
        "permissions.0: no such value; did you mean users.write?",
      ],
      ['call runs.get --input {"rn":"R-11CD"}', "rn: unknown key; did you mean run?"],
    ] as const;
    for (const [line, message] of cases) {
      const { code, stderr } = await lab.run(line);
      expect(code, line).toBe(2);
      expect(stderr, line).toContain(message);
    }
  });
});
