import { Alert, NumberInput, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { makeOrBuy } from "@svara/workforce/queueing";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { Figure } from "../../../kit/figure.tsx";
import classes from "../forecast/forecast.module.css";
import kit from "../kit/chart-with-table.module.css";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { PLAN_COLOURS } from "../kit/time-chart.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { reckoned } from "./reckoned.ts";

const USUAL = {
  busyHours: 176,
  busyPerHour: 120,
  quietHours: 88,
  quietPerHour: 40,
  handleS: 240,
  share: 80,
  thresholdS: 20,
  setup: 60_000,
  seat: 4_000,
  fixed: 9_000,
  wage: 28,
  shrinkage: 30,
  hoursPerPerson: 152,
  hiring: 3_000,
  turnover: 25,
  buySetup: 15_000,
  buyFixed: 2_500,
  perContact: 0,
  perMinute: 0.85,
  growth: 0,
  discount: 4,
};
type Field = keyof typeof USUAL;

/** An own centre against an outsourcer over three years: what each costs for the same service, and from when on it pays. */
export function MakeOrBuyCalculator() {
  const { t } = useTranslation();
  const { count, exact } = usePlanFormat();
  const [values, setValues] = useState(USUAL);
  const minor = (amount: number): number => Math.round(amount * 100);
  const result = reckoned(() =>
    makeOrBuy({
      hours: [
        { hoursPerMonth: values.busyHours, lambdaPerHour: values.busyPerHour },
        { hoursPerMonth: values.quietHours, lambdaPerHour: values.quietPerHour },
      ],
      ahtS: values.handleS,
      targets: { serviceLevel: { share: values.share / 100, thresholdS: values.thresholdS } },
      own: {
        setupMinor: minor(values.setup),
        seatMinor: minor(values.seat),
        fixedPerMonthMinor: minor(values.fixed),
        wagePerHourMinor: minor(values.wage),
        shrinkage: values.shrinkage / 100,
        hoursPerPerson: values.hoursPerPerson,
        hiringMinor: minor(values.hiring),
        turnoverPerYear: values.turnover / 100,
      },
      outsourcer: {
        setupMinor: minor(values.buySetup),
        fixedPerMonthMinor: minor(values.buyFixed),
        perContactMinor: minor(values.perContact),
        perMinuteMinor: minor(values.perMinute),
      },
      growthPerMonth: values.growth / 100,
      discountPerYear: values.discount / 100,
    }),
  );
  const field = (key: Field, suffix = "") => (
    <NumberInput
      key={key}
      size="sm"
      label={t(`plan.calc.field.${key}`)}
      suffix={suffix}
      min={key === "growth" ? -50 : 0}
      decimalScale={2}
      value={values[key]}
      onChange={(value) => setValues((was) => ({ ...was, [key]: Number(value) || 0 }))}
    />
  );
  const group = (title: string, fields: readonly React.ReactNode[]) => (
    <div>
      <Text size="sm" fw={620} mb={6}>
        {title}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
        {fields}
      </SimpleGrid>
    </div>
  );
  return (
    <Stack gap="md">
      <section className="sv-surface" style={{ padding: "1.125rem 1.25rem" }}>
        <Title order={3} mb={2}>
          {t("plan.calc.make_title")}
        </Title>
        <Text size="sm" c="dimmed" mb="md" maw={760}>
          {t("plan.calc.make_text")}
        </Text>
        <Stack gap="lg">
          {group(t("plan.calc.volume"), [
            field("busyHours"),
            field("busyPerHour"),
            field("quietHours"),
            field("quietPerHour"),
            field("handleS", " s"),
            field("share", " %"),
            field("thresholdS", " s"),
            field("growth", " %"),
          ])}
          {group(t("plan.calc.own"), [
            field("setup"),
            field("seat"),
            field("fixed"),
            field("wage"),
            field("shrinkage", " %"),
            field("hoursPerPerson"),
            field("hiring"),
            field("turnover", " %"),
          ])}
          {group(t("plan.calc.bought"), [
            field("buySetup"),
            field("buyFixed"),
            field("perContact"),
            field("perMinute"),
            field("discount", " %"),
          ])}
        </Stack>
      </section>
      {result.error && (
        <Alert color="orange" role="alert">
          {result.error.message}
        </Alert>
      )}
      {result.value && (
        <ChartWithTable
          title={t(`plan.calc.cheaper.${result.value.cheaper}`, { n: count(result.value.savedMinor / 100) })}
          description={
            result.value.breakEvenMonth === null
              ? t("plan.calc.never_pays")
              : t("plan.calc.pays_from", { n: result.value.breakEvenMonth })
          }
          fileName="make-or-buy"
          rows={result.value.months}
          rowKey={({ month }) => month}
          columns={[
            { key: "month", label: t("plan.calc.month"), align: "left", value: ({ month }) => month },
            {
              key: "agents_at_peak",
              label: t("plan.staffing.peak"),
              value: ({ agentsAtPeak }) => agentsAtPeak,
            },
            {
              key: "people",
              label: t("plan.calc.people"),
              value: ({ people }) => Math.round(people * 10) / 10,
            },
            {
              key: "own",
              label: t("plan.calc.own"),
              value: ({ ownMinor }) => ownMinor / 100,
              shown: ({ ownMinor }) => count(ownMinor / 100),
            },
            {
              key: "bought",
              label: t("plan.calc.bought"),
              value: ({ boughtMinor }) => boughtMinor / 100,
              shown: ({ boughtMinor }) => count(boughtMinor / 100),
            },
            {
              key: "own_so_far",
              label: t("plan.calc.own_so_far"),
              value: ({ ownSoFarMinor }) => ownSoFarMinor / 100,
              shown: ({ ownSoFarMinor }) => count(ownSoFarMinor / 100),
            },
            {
              key: "bought_so_far",
              label: t("plan.calc.bought_so_far"),
              value: ({ boughtSoFarMinor }) => boughtSoFarMinor / 100,
              shown: ({ boughtSoFarMinor }) => count(boughtSoFarMinor / 100),
            },
          ]}
          chart={
            <>
              <div className={classes.figures} style={{ padding: "0 0 1rem" }}>
                <Figure
                  size="lg"
                  label={t("plan.staffing.peak")}
                  value={result.value.months[1]?.agentsAtPeak ?? "–"}
                />
                <Figure
                  size="lg"
                  label={t("plan.calc.people")}
                  value={count(result.value.months[1]?.people ?? 0)}
                />
                <Figure
                  size="lg"
                  label={t("plan.calc.break_even_volume")}
                  value={
                    result.value.breakEvenVolume === null ? "–" : `× ${exact(result.value.breakEvenVolume)}`
                  }
                  hint={t("plan.calc.break_even_volume_hint")}
                />
                <Figure
                  size="lg"
                  label={t("plan.calc.break_even_agents")}
                  value={result.value.breakEvenAgents ?? "–"}
                />
              </div>
              <figure style={{ margin: 0 }} aria-label={t("plan.calc.make_title")}>
                <div style={{ height: 280 }}>
                  <ResponsiveContainer width="100%" height="100%">
                    <LineChart
                      data={result.value.months.map(({ month, ownSoFarMinor, boughtSoFarMinor }) => ({
                        month,
                        own: ownSoFarMinor / 100,
                        bought: boughtSoFarMinor / 100,
                      }))}
                      margin={{ top: 8, right: 12, bottom: 0, left: 12 }}
                    >
                      <CartesianGrid stroke="var(--sv-line)" strokeDasharray="3 4" vertical={false} />
                      <XAxis
                        dataKey="month"
                        minTickGap={16}
                        tick={{ fontSize: 12, fill: "var(--mantine-color-dimmed)" }}
                        tickLine={false}
                        axisLine={{ stroke: "var(--sv-line)" }}
                      />
                      <YAxis
                        width={70}
                        tickFormatter={(value: number) => count(value)}
                        tick={{ fontSize: 12, fill: "var(--mantine-color-dimmed)" }}
                        tickLine={false}
                        axisLine={false}
                      />
                      <Tooltip
                        isAnimationActive={false}
                        labelFormatter={(month) => t("plan.calc.month_n", { n: Number(month) })}
                        formatter={(value, key) => [
                          count(Number(value)),
                          key === "own" ? t("plan.calc.own") : t("plan.calc.bought"),
                        ]}
                        contentStyle={{
                          background: "var(--sv-surface)",
                          border: "1px solid var(--sv-line)",
                          borderRadius: 8,
                          fontSize: 13,
                        }}
                      />
                      {result.value.breakEvenMonth !== null && result.value.breakEvenMonth > 0 && (
                        <ReferenceLine
                          x={result.value.breakEvenMonth}
                          stroke="var(--mantine-color-dimmed)"
                          strokeDasharray="4 4"
                        />
                      )}
                      <Line
                        dataKey="own"
                        stroke={PLAN_COLOURS.forecast}
                        strokeWidth={2}
                        dot={false}
                        isAnimationActive={false}
                      />
                      <Line
                        dataKey="bought"
                        stroke={PLAN_COLOURS.actual}
                        strokeWidth={2}
                        dot={false}
                        isAnimationActive={false}
                      />
                    </LineChart>
                  </ResponsiveContainer>
                </div>
                <figcaption className={kit.legend}>
                  {(
                    [
                      [t("plan.calc.own"), PLAN_COLOURS.forecast],
                      [t("plan.calc.bought"), PLAN_COLOURS.actual],
                    ] as const
                  ).map(([label, colour]) => (
                    <span key={label} className={kit.legendItem}>
                      <span className={kit.line} style={{ borderTopColor: colour }} aria-hidden="true" />
                      {label}
                    </span>
                  ))}
                </figcaption>
              </figure>
            </>
          }
        />
      )}
    </Stack>
  );
}
