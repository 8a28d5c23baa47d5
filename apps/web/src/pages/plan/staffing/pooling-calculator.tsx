import {
  ActionIcon,
  Alert,
  Button,
  Group,
  NumberInput,
  SimpleGrid,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { type Pooling, pooling } from "@svara/workforce/queueing";
import { IconDownload, IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Figure } from "../../../kit/figure.tsx";
import classes from "../forecast/forecast.module.css";
import { downloadText, toCsv } from "../kit/csv.ts";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { reckoned } from "./reckoned.ts";

interface Pool {
  readonly key: number;
  readonly name: string;
  readonly perHour: number;
  readonly handleS: number;
}

/** Would one pool do with fewer agents than several, and up to which loss of language or skill? */
export function PoolingCalculator() {
  const { t } = useTranslation();
  const { percent } = usePlanFormat();
  const [pools, setPools] = useState<readonly Pool[]>([
    { key: 1, name: "A", perHour: 900, handleS: 200 },
    { key: 2, name: "B", perHour: 900, handleS: 200 },
  ]);
  const [share, setShare] = useState(80);
  const [thresholdS, setThresholdS] = useState(20);
  const [longer, setLonger] = useState(0);
  const [dearer, setDearer] = useState(0);
  const set = (key: number, change: Partial<Pool>): void =>
    setPools(pools.map((pool) => (pool.key === key ? { ...pool, ...change } : pool)));
  const result = reckoned(() =>
    pooling({
      centres: pools.map(({ perHour, handleS }) => ({ lambdaPerHour: perHour, ahtS: handleS })),
      targets: { serviceLevel: { share: share / 100, thresholdS } },
      loss: { ahtFactor: 1 + longer / 100, costFactor: 1 + dearer / 100 },
    }),
  );
  return (
    <section className="sv-surface" style={{ padding: "1.125rem 1.25rem" }}>
      <Group justify="space-between" wrap="nowrap" mb={2}>
        <Title order={3}>{t("plan.calc.pooling_title")}</Title>
        <ActionIcon
          aria-label={t("plan.kit.download_csv")}
          disabled={!result.value}
          onClick={() => downloadText("pooling.csv", poolingCsv(pools, result.value))}
        >
          <IconDownload size={17} />
        </ActionIcon>
      </Group>
      <Text size="sm" c="dimmed" mb="md" maw={760}>
        {t("plan.calc.pooling_text")}
      </Text>
      <Stack gap="md">
        <Table.ScrollContainer minWidth={420}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("fields.name")}</Table.Th>
                <Table.Th>{t("plan.calc.per_hour")}</Table.Th>
                <Table.Th>{t("plan.staffing.handle_s")}</Table.Th>
                <Table.Th ta="right">{t("plan.staffing.agents")}</Table.Th>
                <Table.Th w={50} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {pools.map((pool, index) => (
                <Table.Tr key={pool.key}>
                  <Table.Td>
                    <TextInput
                      size="xs"
                      aria-label={t("fields.name")}
                      value={pool.name}
                      onChange={(event) => set(pool.key, { name: event.currentTarget.value })}
                    />
                  </Table.Td>
                  <Table.Td>
                    <NumberInput
                      size="xs"
                      aria-label={t("plan.calc.per_hour")}
                      min={1}
                      max={1_000_000}
                      value={pool.perHour}
                      onChange={(value) => set(pool.key, { perHour: Math.max(1, Number(value) || 1) })}
                    />
                  </Table.Td>
                  <Table.Td>
                    <NumberInput
                      size="xs"
                      aria-label={t("plan.staffing.handle_s")}
                      min={1}
                      max={86_400}
                      value={pool.handleS}
                      onChange={(value) => set(pool.key, { handleS: Math.max(1, Number(value) || 1) })}
                    />
                  </Table.Td>
                  <Table.Td ta="right" className="sv-num">
                    {result.value?.separate[index]?.agents ?? "–"}
                  </Table.Td>
                  <Table.Td>
                    {pools.length > 2 && (
                      <ActionIcon
                        aria-label={`${t("common.remove")}: ${pool.name}`}
                        onClick={() => setPools(pools.filter(({ key }) => key !== pool.key))}
                      >
                        <IconX size={16} />
                      </ActionIcon>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={15} />}
            disabled={pools.length >= 20}
            onClick={() =>
              setPools([
                ...pools,
                {
                  key: Math.max(...pools.map(({ key }) => key)) + 1,
                  name: String.fromCharCode(65 + pools.length),
                  perHour: 300,
                  handleS: 200,
                },
              ])
            }
          >
            {t("plan.calc.add_pool")}
          </Button>
        </Group>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
          <NumberInput
            inputWrapperOrder={["label", "input", "description", "error"]}
            label={t("plan.staffing.service_level")}
            suffix=" %"
            min={1}
            max={99}
            value={share}
            onChange={(value) => setShare(Number(value) || 80)}
          />
          <NumberInput
            inputWrapperOrder={["label", "input", "description", "error"]}
            label={t("plan.staffing.threshold")}
            suffix=" s"
            min={1}
            value={thresholdS}
            onChange={(value) => setThresholdS(Math.max(1, Number(value) || 20))}
          />
          <NumberInput
            inputWrapperOrder={["label", "input", "description", "error"]}
            label={t("plan.calc.longer")}
            description={t("plan.calc.longer_hint")}
            suffix=" %"
            min={0}
            max={500}
            value={longer}
            onChange={(value) => setLonger(Math.max(0, Number(value) || 0))}
          />
          <NumberInput
            inputWrapperOrder={["label", "input", "description", "error"]}
            label={t("plan.calc.dearer")}
            description={t("plan.calc.dearer_hint")}
            suffix=" %"
            min={0}
            max={500}
            value={dearer}
            onChange={(value) => setDearer(Math.max(0, Number(value) || 0))}
          />
        </SimpleGrid>
        {result.error ? (
          <Alert color="orange" role="alert">
            {result.error.message}
          </Alert>
        ) : (
          result.value && (
            <>
              <div className={classes.figures} style={{ padding: "0.5rem 0" }}>
                <Figure size="lg" label={t("plan.calc.apart")} value={result.value.agentsSeparate} />
                <Figure size="lg" label={t("plan.calc.together")} value={result.value.together.agents} />
                <Figure
                  size="lg"
                  label={t("plan.calc.saved")}
                  value={result.value.saved}
                  tone={result.value.saved < 0 ? "bad" : "plain"}
                />
                <Figure
                  size="lg"
                  label={t("plan.calc.pays_until_longer")}
                  value={`+${percent(result.value.breakEvenAhtFactor - 1)}`}
                  hint={t("plan.calc.pays_until_longer_hint")}
                />
                <Figure
                  size="lg"
                  label={t("plan.calc.pays_until_dearer")}
                  value={`+${percent(result.value.breakEvenCostFactor - 1)}`}
                  hint={t("plan.calc.pays_until_dearer_hint")}
                />
              </div>
              <Alert color={result.value.pays ? "green" : "gray"}>
                {result.value.pays ? t("plan.calc.pays") : t("plan.calc.pays_not")}{" "}
                {t("plan.calc.same_agents", {
                  n: result.value.agentsSeparate,
                  level: percent(result.value.sameAgents.within[0]?.serviceLevel.all),
                })}
              </Alert>
            </>
          )
        )}
      </Stack>
    </section>
  );
}

/** Each pool apart, and all of them together, as a file. */
function poolingCsv(pools: readonly Pool[], result: Pooling | undefined): string {
  const apart = pools.map(({ name, perHour, handleS }, index) => ({
    name,
    perHour,
    handleS,
    agents: result?.separate[index]?.agents ?? null,
  }));
  const perHour = pools.reduce((sum, pool) => sum + pool.perHour, 0);
  const together = { name: "together", perHour, handleS: null, agents: result?.together.agents ?? null };
  return toCsv<{ name: string; perHour: number; handleS: number | null; agents: number | null }>(
    [
      { key: "pool", label: "", value: ({ name }) => name },
      { key: "contacts_per_hour", label: "", value: (row) => row.perHour },
      { key: "handle_s", label: "", value: ({ handleS }) => handleS },
      { key: "agents", label: "", value: ({ agents }) => agents },
    ],
    [...apart, together],
  );
}
