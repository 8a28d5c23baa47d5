import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { SvaraError } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { describe, expect, test } from "vitest";
import { wholeNumber } from "./arguments.ts";
import type { Command } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { runCli } from "./run-cli.ts";
import { type SignalSource, untilStopped } from "./signals.ts";

const greet: Command = {
  name: "greet",
  summary: "greet somebody",
  usage: "<name> [options]",
  options: {
    loud: { type: "boolean", short: "l", summary: "in capitals" },
    times: { type: "string", value: "number", summary: "how often" },
  },
  words: { min: 1, max: 1 },
  async run(given, terminal) {
    const text = `hello ${given.words[0]}`.repeat(wholeNumber(given, "times", 1, { min: 1, max: 3 }));
    terminal.out(given.json ? JSON.stringify({ text }) : given.options.loud ? text.toUpperCase() : text);
    return 0;
  },
};
const failing = (error: Error): Command => ({
  name: "fail",
  summary: "fail",
  usage: "",
  options: {},
  run: () => Promise.reject(error),
});

async function cli(argv: string[], extra: Record<string, Command> = {}) {
  const said = { out: "", err: "" };
  const table = Object.fromEntries(
    Object.entries({ greet, ...extra }).map(([name, command]) => [name, async () => command]),
  );
  const code = await runCli(argv, table, {
    env: {},
    stdin: Readable.from([]),
    cwd: "/",
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
}

describe("the command line", () => {
  test("options may stand before and after words, short and long, with = or without", async () => {
    expect((await cli(["greet", "-l", "Ann"])).out).toBe("HELLO ANN");
    expect((await cli(["greet", "Ann", "--times=2"])).out).toBe("hello Annhello Ann");
    expect((await cli(["greet", "Ann", "--times", "2", "--json"])).out).toBe('{"text":"hello Annhello Ann"}');
    expect((await cli(["greet", "--", "--loud"])).out).toBe("hello --loud");
  });

  test.each([
    [["gret"], 'there is no command "gret"', 'did you mean "greet"?'],
    [["constructor"], 'there is no command "constructor"', "lists all commands"],
    [["greet", "Ann", "--lout"], '"svara greet" has no option --lout', "did you mean --loud?"],
    [["greet", "Ann", "-x"], '"svara greet" has no option -x', '"svara greet --help"'],
    [["greet", "Ann", "--times"], "--times needs a value", "--times <number>"],
    [["greet", "Ann", "--times", "9"], '--times is "9"', "from 1 to 3"],
    [["greet", "Ann", "--loud=yes"], '--loud takes no value, and was given "yes"', "--help"],
    [["greet"], '"svara greet" needs more to work on', "usage: svara greet <name>"],
    [["greet", "Ann", "Bo"], '"svara greet" does not know what to do with "Bo"', "usage: svara greet <name>"],
  ])("%j is named with its remedy and ends with 2", async (argv, message, remedy) => {
    const { code, err, out } = await cli(argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain(remedy);
    expect(out).toBe("");
  });

  test("help says everything and is no error; no command at all is one", async () => {
    const overview = await cli(["--help"]);
    expect(overview).toMatchObject({ code: 0, err: "" });
    expect(overview.out).toContain("greet  greet somebody");
    const own = await cli(["greet", "--help"]);
    expect(own.code).toBe(0);
    expect(own.out).toContain("usage: svara greet <name> [options]");
    expect(own.out).toMatch(/-l, --loud +in capitals/);
    expect(own.out).toMatch(/--times <number> +how often/);
    expect((await cli([])).code).toBe(2);
  });
});

describe("what goes wrong", () => {
  const settings = new SvaraError("SVARA_SIP_PORT=x cannot be used", {
    code: "settings.invalid",
    field: "SVARA_SIP_PORT",
  });

  test("a wrong setting ends with 2, another expected error with 1, both without a stack", async () => {
    expect(await cli(["fail"], { fail: failing(settings) })).toEqual({
      code: 2,
      out: "",
      err: "svara: SVARA_SIP_PORT=x cannot be used\n",
    });
    const other = new SvaraError("the disk is full", { code: "backup.disk_full" });
    expect(await cli(["fail"], { fail: failing(other) })).toMatchObject({
      code: 1,
      err: "svara: the disk is full\n",
    });
  });

  test("with --json the error is JSON too", async () => {
    const { out } = await cli(["fail", "--json"], { fail: failing(settings) });
    expect(JSON.parse(out)).toEqual({
      error: {
        code: "settings.invalid",
        message: "SVARA_SIP_PORT=x cannot be used",
        field: "SVARA_SIP_PORT",
      },
    });
  });

  test("an error of ours shows where it happened", async () => {
    const { code, err } = await cli(["fail"], { fail: failing(new TypeError("x is undefined")) });
    expect(code).toBe(1);
    expect(err).toContain("unexpected: TypeError: x is undefined\n    at ");
  });
});

describe("the commands of svara", () => {
  test.each(Object.entries(COMMANDS))(
    "%s is called as the table says and explains itself",
    async (name, load) => {
      const command = await load();
      expect(command.name).toBe(name);
      const { code, out } = await cli([name, "--help"], { [name]: command });
      expect(code).toBe(0);
      expect(out).toContain(`usage: svara ${name}`);
    },
  );
});

describe("signals", () => {
  test("one request by several ways counts once; a later one insists", async () => {
    const source = new EventEmitter();
    const clock = new ManualClock();
    let insisted = 0;
    const stopped = untilStopped(source as SignalSource, clock, () => insisted++);
    source.emit("SIGINT");
    source.emit("SIGINT");
    source.emit("SIGTERM");
    expect(await stopped).toBe("gently");
    expect(insisted).toBe(0);
    clock.advance(1500);
    source.emit("SIGINT");
    expect(insisted).toBe(1);
    expect(source.listenerCount("SIGINT")).toBe(0);
  });
});
