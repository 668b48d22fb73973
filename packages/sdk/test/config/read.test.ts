import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigInvalidError } from "@kappa4/connectors";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Kappa4Config, readBalancing, readConfig, readStore } from "../../src/config/index.ts";
import { sampleConnectors } from "./sample-connectors.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "kappa4-config-"));
});
afterEach(() => rm(directory, { recursive: true }));

const CONNECTION = `connections:
  gold:
    kind: sample
    hosts: [pve1]
    auth:
      token: \${TOKEN}
`;

async function read(
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = { TOKEN: "a@pve!b=c" },
  path?: string,
): Promise<Kappa4Config> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return readConfig(path, { directory, variables, connectors: sampleConnectors });
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => expect.unreachable("the configuration was accepted"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigInvalidError)) throw error;
  return error.message;
}

describe("a file that is no text", () => {
  test("is told with the line and the character", async () => {
    const text = `${CONNECTION}balancing:\n  balanciness: \0 5\n`;
    const message = await messageOf(read({ "kappa4.yaml": text }));
    expect(message).toContain("kappa4.yaml:8:16");
    expect(message).toContain("a NUL character (a byte of value 0) stands here");
    const bell = await messageOf(read({ "kappa4.yaml": `${CONNECTION}# ring \x07` }));
    expect(bell).toMatch(/kappa4\.yaml:7:8.*a control character \(U\+0007\)/);
  });
});

describe("the balancing alone", () => {
  const part = (text: string, variables = {}) => {
    return writeFile(join(directory, "kappa4.yaml"), text).then(() =>
      readBalancing(undefined, { directory, variables }),
    );
  };

  test("needs no variable of a connection", async () => {
    const text = `${CONNECTION}slack: { botToken: "\${SLACK}" }\nbalancing: { balanciness: "\${POINTS}" }\n`;
    expect(await part(text, { POINTS: "7" })).toMatchObject({ balanciness: 7 });
    expect(await part(CONNECTION)).toEqual({});
  });

  test("is checked, with its own variables and the names of the other parts", async () => {
    const variable = part('balancing: { balanciness: "${POINTS}" }');
    expect(await messageOf(variable)).toContain("the environment variable POINTS is not set");
    expect(await messageOf(part("balancing: { balancines: 5 }"))).toContain("balancing.balancines");
    expect(await messageOf(part(`${CONNECTION}balancng: {}`))).toContain("did you mean balancing?");
  });
});

describe("the store alone", () => {
  const store = async (text: string | undefined, variables = {}, options = {}) => {
    const path = join(directory, "kappa4.yaml");
    if (text === undefined) await rm(path, { force: true });
    else await writeFile(path, text);
    return readStore(undefined, { directory, variables, ...options });
  };
  const url = "postgres://db.example/kappa4";

  test("needs no variable and no file of another part, and is read from files of its own", async () => {
    expect(await store(`${CONNECTION}store: { path: ../mine }\n`)).toMatchObject({
      path: join(directory, "../mine"),
      url: undefined,
    });
    await writeFile(join(directory, "address"), `${url}\n`);
    const text =
      "connections: { gold: { kind: x, authFile: nowhere } }\nstore: { urlFile: address }\n";
    expect(await store(text)).toMatchObject({ url });
    const broken = store(`${CONNECTION}store: { url: mysql://foo/bar }\n`);
    expect(await messageOf(broken)).toContain("such as postgres://host/database");
  });

  test("is that of the environment where the configuration says nothing, or is not there", async () => {
    for (const text of [CONNECTION, undefined]) {
      expect(await store(text, { DATABASE_URL: url })).toMatchObject({ url });
      const folder = { path: join(directory, ".kappa4"), url: undefined };
      expect(await store(text)).toMatchObject(folder);
      const ignoring = { ignoresDatabase: true };
      expect(await store(text, { DATABASE_URL: url }, ignoring)).toMatchObject(folder);
    }
    const named = `${CONNECTION}store: { url: "\${DATABASE_URL}" }\n`;
    const variables = { DATABASE_URL: url };
    expect(await store(named, variables, { ignoresDatabase: true })).toMatchObject({ url });
  });
});

describe("finding", () => {
  test.each(["kappa4.yaml", "kappa4.yml"])("%s is found in the directory", async (name) => {
    const config = await read({ [name]: CONNECTION });
    expect(config.connections.gold?.auth).toEqual({ token: "a@pve!b=c" });
  });

  test("a named file wins, then KAPPA4_CONFIG, then the directory", async () => {
    const files = {
      "named.yaml": `${CONNECTION}balancing: { balanciness: 1 }`,
      "variable.yaml": `${CONNECTION}balancing: { balanciness: 2 }`,
      "kappa4.yaml": `${CONNECTION}balancing: { balanciness: 3 }`,
    };
    const variables = { TOKEN: "a!b", KAPPA4_CONFIG: "variable.yaml" };
    expect((await read(files, variables, "named.yaml")).balancing.balanciness).toBe(1);
    expect((await read(files, variables)).balancing.balanciness).toBe(2);
    expect((await read(files, { TOKEN: "a!b" })).balancing.balanciness).toBe(3);
  });

  test("none is a problem that names the ways out", async () => {
    expect(await messageOf(read({}))).toMatch(/No configuration in .*write kappa4\.yaml.*--config/);
  });

  test("two are a problem", async () => {
    const files = { "kappa4.yaml": CONNECTION, "kappa4.json": "{}" };
    expect(await messageOf(read(files))).toMatch(/holds kappa4\.yaml and kappa4\.json; keep one/);
  });

  test("a named file that is missing is named", async () => {
    expect(await messageOf(read({}, {}, "gold.yaml"))).toBe(
      "gold.yaml: does not exist; check --config",
    );
  });

  test("a folder is told apart from a file", async () => {
    await mkdir(join(directory, "kappa4.yaml"));
    expect(await messageOf(read({}))).toMatch(/is a folder/);
  });
});

describe("reading", () => {
  test("JSON with tabs and a byte order mark", async () => {
    const json = JSON.stringify(
      { connections: { gold: { kind: "sample", hosts: ["x"], auth: { token: "!" } } } },
      null,
      "\t",
    );
    const config = await read({ "kappa4.json": `\u{feff}${json}` });
    expect(config.connections.gold?.hosts).toEqual(["x"]);
  });

  test("a module with a default export", async () => {
    const config = await read({
      "kappa4.config.js": `export default { connections: { gold: { kind: "sample", hosts: ["x"], auth: { token: "!" } } } };`,
    });
    expect(config.connections.gold?.kind).toBe("sample");
  });

  test("a module without one, and one that does not load", async () => {
    expect(await messageOf(read({ "a.js": "export const x = 1;" }, {}, "a.js"))).toMatch(
      /no default export/,
    );
    expect(await messageOf(read({ "b.mjs": "throw new Error('boom');" }, {}, "b.mjs"))).toBe(
      "b.mjs: could not be loaded: boom",
    );
  });

  test("variables take the type that the schema asks for, quoted or not", async () => {
    const yaml = `connections:
  gold:
    kind: sample
    hosts: ["\${HOST:-pve9}"]
    auth: { user: root@pam, password: "\${PASSWORD}" }
    port: \${PORT}
    verify: \${VERIFY}
balancing:
  balanciness: \${BALANCINESS:-7.5}
`;
    const variables = { PASSWORD: "12345", PORT: "443", VERIFY: "False" };
    const config = await read({ "kappa4.yaml": yaml }, variables);
    expect(config.connections.gold).toEqual({
      kind: "sample",
      hosts: ["pve9"],
      auth: { user: "root@pam", password: "12345" },
      port: 443,
      verify: false,
    });
    expect(config.balancing.balanciness).toBe(7.5);
  });

  test("a variable that fits no number is refused without being shown", async () => {
    const yaml = `${CONNECTION}    port: \${PORT}\n`;
    const message = await messageOf(read({ "kappa4.yaml": yaml }, { TOKEN: "!", PORT: "https" }));
    expect(message).toBe("kappa4.yaml:7:5: connections.gold.port: must be a number, not this text");
  });

  test("a variable that is not set stands at its place, and only once", async () => {
    expect(await messageOf(read({ "kappa4.yaml": CONNECTION }, {}))).toBe(
      "kappa4.yaml:6:7: connections.gold.auth.token: the environment variable TOKEN is not set; set it, or write ${TOKEN:-default}",
    );
  });

  test("a <name>File is read beside the configuration, without its last line break", async () => {
    const yaml = CONNECTION.replace("token: ${TOKEN}", "tokenFile: token.txt\n    caFile: ${CA}");
    const files = { "kappa4.yaml": yaml, "token.txt": "a@pve!b=c\n", "ca.pem": "-----BEGIN\nx\n" };
    const config = await read(files, { CA: join(directory, "ca.pem") });
    expect(config.connections.gold).toMatchObject({
      auth: { token: "a@pve!b=c" },
      ca: "-----BEGIN\nx",
    });
  });

  test.each([
    ["tokenFile: nowhere", /6:7: connections\.gold\.auth\.tokenFile: nowhere does not exist/],
    ["tokenFile: empty", /tokenFile: empty is empty/],
    ["tokenFile: .", /tokenFile: \. is a folder/],
    ["tokenFile: 5", /tokenFile: must be the path of a file/],
    ["tokenFile: empty\n      token: a!b", /give token or tokenFile, not both/],
  ])("%s is one problem", async (line, message) => {
    const yaml = CONNECTION.replace("token: ${TOKEN}", line);
    const text = await messageOf(read({ "kappa4.yaml": yaml, empty: "" }));
    expect(text).toMatch(message);
    expect(text.split("\n")).toHaveLength(1);
  });
});

test("the slack part is checked when its schema is given, variables and files included", async () => {
  const slack = z.strictObject({ port: z.int(), botToken: z.string() });
  const options = { directory, variables: { TOKEN: "a!b", PORT: "3000" }, slack };
  const config = { connectors: sampleConnectors, ...options };
  const path = join(directory, "kappa4.yaml");
  await writeFile(join(directory, "bot"), "xoxb-1\n");
  await writeFile(path, `${CONNECTION}slack: { port: "\${PORT}", botTokenFile: bot }\n`);
  expect((await readConfig(undefined, config)).slack).toEqual({ port: 3000, botToken: "xoxb-1" });
  await writeFile(path, `${CONNECTION}slack: { port: hidden, bottoken: x }\n`);
  expect(await messageOf(readConfig(undefined, config))).toBe(
    [
      "kappa4.yaml has 2 problems:",
      "kappa4.yaml:7:10: slack.port: must be a number, not this text",
      "kappa4.yaml:7:24: slack.bottoken: unknown key; did you mean botToken?",
    ].join("\n  "),
  );
  await writeFile(path, CONNECTION);
  expect(await messageOf(readConfig(undefined, config))).toMatch(
    /slack: missing; docs.slack\.md says how/,
  );
});

describe("places", () => {
  test("each problem has its line and column", async () => {
    const yaml = `connections:
  gold:
    kind: sample
    hots: [pve1]
    auth: { token: "a!b" }
balancing:
  pools:
    web:
      pin: [pve1, 7]
`;
    expect(await messageOf(read({ "kappa4.yaml": yaml }))).toBe(
      [
        "kappa4.yaml has 2 problems:",
        "kappa4.yaml:4:5: connections.gold.hots: unknown key; did you mean hosts?",
        "kappa4.yaml:9:19: balancing.pools.web.pin.1: must be text, not 7",
      ].join("\n  "),
    );
  });

  test.each([
    ["a: 1\na: 2\n", "2:1", /given twice/],
    ["a:\n\tb: 1\n", "2:1", /tab/],
    ["a: [1, 2\nb: 3\n", "2:1", /bracket is not closed/],
    ["a: b: c\n", "1:4", /two keys in one line/],
    ['a: "x\n', "2:1", /quote, bracket or colon is missing/],
    ["a: *hidden\n", "1:4", /begins with \* must stand in quotes/],
    ["a: !hidden x\n", "1:4", /begins with ! must stand in quotes/],
    ["a: @hidden\n", "1:4", /begins with @/],
    ["a: &x { b: *x }\n", "1:12", /an alias inside/],
    ["a: 1\n---\nb: 2\n", "2:1", /second document/],
    ["- a\nb: 1\n", "2:1", /indentation does not fit/],
  ])("%j is not YAML and shows where, but never the text", async (yaml, place, message) => {
    const text = await messageOf(read({ "kappa4.yaml": yaml }));
    expect(text).toMatch(message);
    expect(text).toContain(`kappa4.yaml:${place}: `);
    expect(text).not.toContain("hidden");
  });

  test.each(["", "# nothing\n", "null"])("%j is empty", async (yaml) => {
    expect(await messageOf(read({ "kappa4.yaml": yaml }))).toMatch(/is empty; kappa4\.yaml needs/);
  });
});
