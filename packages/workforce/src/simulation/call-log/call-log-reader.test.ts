import { describe, expect, test } from "vitest";
import type { CallLog } from "./call-log.ts";
import { CallLogReader } from "./call-log-reader.ts";

const HEADER =
  "vru_line,customer,priority,type,date,vru_exit_s,q_start_s,q_exit_s,q_time_s,outcome,ser_start_s,ser_exit_s,server";
const SERVED = "AA01,7,2,PS,1999-02-01,30000,30000,30020,20,AGENT,30019,30100,A01";

function read(...lines: readonly string[]): CallLog {
  const reader = new CallLogReader();
  for (const line of lines) reader.feed(line);
  return reader.finish();
}

describe("a call log", () => {
  test("[WF150] a call that waited, one that did not, one that gave up", () => {
    const { days, left } = read(
      HEADER,
      SERVED,
      "AA02,0,0,NW,1999-02-01,31000,0,0,0,AGENT,30999,31060,A02",
      "AA03,0,0,PS,1999-02-01,32000,32000,32045,45,HANG,0,0,",
      "",
    );
    expect(left).toEqual({ inMenu: 0, phantom: 0, unnamed: 0 });
    expect(days).toHaveLength(1);
    expect(days[0]?.calls).toEqual([
      {
        date: "1999-02-01",
        type: "PS",
        priority: 2,
        askedAtMs: 30_000_000,
        waitMs: 20_000,
        outcome: "served",
        service: { server: "A01", fromMs: 30_019_000, toMs: 30_100_000 },
        score: null,
      },
      expect.objectContaining({
        askedAtMs: 31_000_000, // the switch's clock is a second behind the menu's
        waitMs: 0,
        service: { server: "A02", fromMs: 31_000_000, toMs: 31_060_000 },
      }),
      expect.objectContaining({ outcome: "abandoned", waitMs: 45_000, service: null }),
    ]);
  });

  test("[WF150] what is no call for an agent is left out and counted", () => {
    const { days, left } = read(
      HEADER,
      SERVED,
      "AA01,0,0,PS,1999-02-01,100,0,0,0,HANG,0,0,",
      "AA01,0,0,PS,1999-02-01,100,100,110,10,PHANTOM,0,0,",
      "AA01,0,0,PS,1999-02-01,100,0,0,0,AGENT,100,105,",
    );
    expect(left).toEqual({ inMenu: 1, phantom: 1, unnamed: 1 });
    expect(days[0]?.calls).toHaveLength(1);
  });

  test("[WF150] columns in any order, quotes, a byte order mark, Windows line ends, midnight and scores are taken", () => {
    const { days } = read(
      '\uFEFFserver,"score",type,priority,date,outcome,vru_exit_s,q_start_s,q_exit_s,ser_start_s,ser_exit_s\r',
      '"A ""01"", night",4.5,PS,,1999-02-02,AGENT,86390,86390,10,10,70\r',
      "A02,,PS,0,1999-02-01,AGENT,100,0,0,100,160\r",
    );
    expect(days.map(({ date }) => date)).toEqual(["1999-02-01", "1999-02-02"]);
    expect(days[1]?.calls[0]).toMatchObject({ waitMs: 20_000, score: 4.5, priority: 0 });
    expect(days[1]?.calls[0]?.service).toMatchObject({ server: 'A "01", night' });
  });

  test.each([
    ["date", "1999-02-30", 'line 3, column date: "1999-02-30"; write a date as 1999-02-01'],
    ["q_start_s", "-4", "line 3, column q_start_s"],
    ["q_exit_s", "29000", "not before q_start_s (30000)"],
    ["ser_start_s", "noon", 'line 3, column ser_start_s: "noon"'],
    ["ser_exit_s", "30000", "not before ser_start_s (30019)"],
    ["vru_exit_s", "1e9", "seconds since midnight, from 0 to 172800"],
    ["outcome", "agent", "AGENT, HANG or PHANTOM"],
    ["priority", "high", "line 3, column priority"],
  ])("[WF150] a cell that cannot be is named by line and column: %s %s", (column, value, message) => {
    const at = HEADER.split(",").indexOf(column);
    const cells = SERVED.split(",");
    cells[at] = value;
    expect(() => read(HEADER, SERVED, cells.join(","))).toThrow(
      expect.objectContaining({
        code: "workforce.bad_call_log",
        field: column,
        message: expect.stringContaining(message),
      }),
    );
  });

  test("[WF150] so are a missing column, a doubled one, a short row, an open quote and an empty log", () => {
    expect(() => read(HEADER.replace(",server", ""), SERVED)).toThrow(/line 1: .* no column server/);
    expect(() => read(`${HEADER},type`, SERVED)).toThrow(/type stands there twice/);
    expect(() => read(HEADER, SERVED, "AA01,7")).toThrow(/line 3: 2 cells, the first line names 13 columns/);
    expect(() => read(HEADER, SERVED.replace("PS", '"PS'))).toThrow(/line 2: a quote that is not closed/);
    expect(() => read(HEADER)).toThrow(/holds no call/);
    expect(() => read()).toThrow(/holds no call/);
  });
});
