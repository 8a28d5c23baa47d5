type Schema = { readonly [keyword: string]: unknown };

/** What the router says of its own parts. */
interface RouterParts {
  readonly queuePatch: Schema;
  readonly queueRules: Schema;
  readonly agentRules: Schema;
  readonly routerRules: Schema;
}

const MOST_AN_HOUR = 1_000_000; // contacts of one queue; more are a slip of the pen
const LONGEST_S = 31_536_000; // a year
const GREATEST_SCV = 10_000; // a deviation of a hundred times the mean

const number = (least: number, description: string, most?: number): Schema => ({
  type: "number",
  minimum: least,
  ...(most === undefined ? {} : { maximum: most }),
  description,
});
const seconds = (description: string): Schema => number(0, description, LONGEST_S);
const secondsList = (description: string, minItems = 0): Schema =>
  list({ type: "number", minimum: 0, maximum: LONGEST_S }, description, minItems);
const whole = (least: number, most: number, description: string): Schema => ({
  type: "integer",
  minimum: least,
  maximum: most,
  description,
});
const word = (description: string): Schema => ({ type: "string", description });
const list = (items: Schema, description: string, minItems = 0): Schema => ({
  type: "array",
  items,
  description,
  ...(minItems > 0 ? { minItems } : {}),
});
const object = (
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
  description?: string,
): Schema => ({
  type: "object",
  ...(description === undefined ? {} : { description }),
  properties,
  required,
  additionalProperties: false,
});

const time = word("A time of day, HH:MM; as an end also 24:00.");
const proficiencies: Schema = {
  type: "object",
  additionalProperties: { type: "integer", minimum: 1, maximum: 5 },
};
const timeByChance = { $ref: "#/$defs/Time" };

/** A time by chance; `kind` says which. */
const Time: Schema = {
  anyOf: (
    [
      ["deterministic", { s: seconds("always so long") }],
      ["exponential", { meanS: seconds("the mean") }],
      ["erlang", { meanS: seconds("the mean"), shape: whole(1, 1000, "how many equal exponential stages") }],
      ["lognormal", { meanS: seconds("the mean"), scv: number(0, "variance / mean squared", GREATEST_SCV) }],
      [
        "hyperexponential",
        {
          branches: list(
            object({ probability: number(0, "how often", 1), meanS: seconds("the mean") }, [
              "probability",
              "meanS",
            ]),
            "one exponential time of several; the probabilities add up to 1",
            1,
          ),
        },
      ],
      ["uniform", { fromS: seconds("at least"), toS: seconds("at most") }],
      ["empirical", { valuesS: secondsList("measured times; each as likely as the others", 1) }],
      [
        "survival",
        {
          atS: secondsList("ascending"),
          survival: list(
            { type: "number", minimum: 0, maximum: 1 },
            "the share still there just after each of them",
          ),
          tailMeanS: {
            type: ["number", "null"],
            minimum: 0,
            maximum: LONGEST_S,
            description: "beyond the last point exponential with this mean; null: never",
          },
        },
      ],
      ["never", {}],
    ] as const
  ).map(([kind, fields]) => object({ kind: { const: kind }, ...fields }, ["kind", ...Object.keys(fields)])),
  description: "A time by chance, in seconds.",
};

/** The schema of a scenario file for `svara simulate`. */
export function scenarioFileSchema(router: RouterParts): {
  readonly schema: Schema;
  readonly defs: Readonly<Record<string, Schema>>;
} {
  const arrivals: Schema = {
    anyOf: [
      object({ perHour: number(0, "all day long", MOST_AN_HOUR) }, ["perHour"]),
      object(
        {
          rates: list(
            object({ from: time, perHour: number(0, "from then on", MOST_AN_HOUR) }, ["from", "perHour"]),
            "ascending; nobody comes before the first",
            1,
          ),
        },
        ["rates"],
      ),
      object(
        {
          contacts: list(
            { type: "number", minimum: 0, maximum: MOST_AN_HOUR },
            "expected in each interval from the beginning on",
          ),
        },
        ["contacts"],
      ),
      object(
        { csv: word("a file with a line for each contact: time, and if known talkS, wrapUpS, patienceS") },
        ["csv"],
      ),
    ],
    description: "By chance at a rate (Poisson), or as recorded.",
  };
  const queue = object(
    {
      id: word("the name of the queue"),
      medium: { $ref: "#/$defs/Medium" },
      skills: { ...proficiencies, description: "asked of its agents: by skill, the least proficiency" },
      priority: { type: "number", description: "the greater goes first; 0 if absent" },
      targetS: seconds("to be answered within; 20 if absent"),
      arrivals,
      talk: timeByChance,
      wrapUp: timeByChance,
      patience: timeByChance,
      retrial: object(
        {
          probability: number(0, "of trying again after giving up or being turned away", 1),
          delay: timeByChance,
          mostTimes: whole(1, 100, "10 if absent"),
        },
        ["probability", "delay"],
      ),
      callback: object(
        {
          afterS: seconds("after so long a call-back is offered"),
          probability: number(0, "of accepting it", 1),
          dial: timeByChance,
          reached: number(0, "the share of attempts that reach the customer; 1 if absent", 1),
        },
        ["afterS", "probability"],
      ),
      crossSell: object({ probability: number(0, "of being a candidate", 1), talk: timeByChance }, [
        "probability",
        "talk",
      ]),
      rules: {
        ...router.queueRules,
        description: "Further fields of the router's queue: overflow, criteria, ageing and so on.",
      },
    },
    ["id", "arrivals", "talk", "patience"],
  );
  const agentWords = {
    name: word("the id of one agent, or the beginning of the ids of several"),
    skills: { ...proficiencies, description: "by skill, the proficiency" },
    queues: list({ type: "string" }, "the only queues that they serve; all that the skills allow if absent"),
    slots: {
      type: "object",
      properties: Object.fromEntries(
        ["voice", "email", "chat", "message", "fax", "letter", "video", "task"].map((medium) => [
          medium,
          { type: "integer", minimum: 0, maximum: 100 },
        ]),
      ),
      additionalProperties: false,
      description: "how many at once, by medium; one call if absent",
    },
    rules: {
      ...router.agentRules,
      description: "Further fields of the router's agent: capacity, groups, tiers and so on.",
    },
  };
  const shift = object(
    {
      from: time,
      to: { ...time, description: "Work in hand is finished first. Not after `from`: on the next day." },
      breaks: list(
        object({ from: time, to: time }, ["from", "to"]),
        "each begins when the work in hand has ended",
      ),
    },
    ["from", "to"],
  );
  const schema: Schema = {
    title: "Scenario for svara simulate",
    description: "A day to be simulated with the router itself. Times of day are those of `timeZone`.",
    ...object(
      {
        $schema: { type: "string" },
        title: word("what it is about"),
        date: word("YYYY-MM-DD; 2026-01-05 if absent"),
        timeZone: word("such as Europe/Stockholm; UTC if absent"),
        from: time,
        to: time,
        intervalMinutes: whole(1, 1440, "15 if absent"),
        atClose: {
          enum: ["drain", "stop"],
          description: "whoever came is served (drain), or counts as waiting",
        },
        queues: list(queue, "where contacts wait", 1),
        agents: list(
          object(
            {
              ...agentWords,
              count: whole(1, 100_000, "how many; 1 if absent"),
              shifts: list(shift, "all the time if absent"),
            },
            ["name"],
          ),
          "who serves them",
          1,
        ),
        answering: object(
          {
            delay: timeByChance,
            returnAfterS: seconds("after a missed offer, until available again; never if absent"),
          },
          ["delay"],
          "How agents answer what rings; at once if absent.",
        ),
        rules: router.routerRules,
        changes: list(
          object(
            {
              at: time,
              queues: list(router.queuePatch, "what changes of queues"),
              agents: list(object(agentWords, ["name"]), "what changes of agents, by their name"),
              rules: router.routerRules,
            },
            ["at"],
          ),
          "other rules from a time of day on",
        ),
      },
      ["from", "to", "queues", "agents"],
    ),
  };
  return { schema, defs: { Time } };
}
