import { Anchor, Button, Checkbox, Group, Skeleton, Stack, Table, Text } from "@mantine/core";
import { api, type WhatIfFigure, type WhatIfSummary } from "@svara/contracts";
import { IconArrowsSplit2, IconPlus, IconScale } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { useMay } from "../../../api/rights.ts";
import { formatMoment } from "../../../format/moment.ts";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { changeWords } from "./change-words.ts";
import { dayName } from "./day-name.ts";
import { formatChange, formatFigure, verdict } from "./figures.ts";
import { type PlanNames, usePlanNames } from "./use-plan-names.ts";
import classes from "./what-if.module.css";

const SHOWN = [
  "serviceLevel",
  "meanWaitMs",
  "abandonRate",
  "cost",
] as const satisfies readonly WhatIfFigure[];
const MOST_COMPARED = 6;

/** Simulations that were made, to open, to compare, and to begin another one. */
export function WhatIfList() {
  const { t } = useTranslation();
  const { client } = useServices();
  const [, go] = useLocation();
  const mayEdit = useMay("plan.edit");
  const names = usePlanNames();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const query = useQuery({
    queryKey: ["plan", "what-if", "list"],
    queryFn: () => client.call(api.planWhatIf.list, {}),
  });
  const items = query.data?.items ?? [];
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => go("/plan/what-if/new")}>
      {t("plan.what_if.new")}
    </Button>
  );
  return (
    <Stack gap="md" maw={1280} mx="auto">
      <PageHeader
        title={t("plan.sections.what-if")}
        description={t("plan.what_if.description")}
        actions={
          items.length > 0 && (
            <>
              <Button
                variant="default"
                leftSection={<IconScale size={16} />}
                disabled={chosen.length < 2}
                onClick={() => go(`/plan/what-if/compare?ids=${chosen.join(",")}`)}
              >
                {t("plan.what_if.compare", { n: chosen.length })}
              </Button>
              {mayEdit && create}
            </>
          )
        }
      />
      {query.isError && <QueryProblem error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={240} aria-busy="true" />}
      {query.isSuccess && items.length === 0 && (
        <section className="sv-surface">
          <Empty
            icon={IconArrowsSplit2}
            title={t("plan.what_if.empty_title")}
            text={t(mayEdit ? "plan.what_if.empty_text" : "plan.what_if.empty_text_view")}
            {...(mayEdit ? { action: create } : {})}
          />
        </section>
      )}
      {items.length > 0 && (
        <section className={`sv-surface ${classes.block}`}>
          <Table.ScrollContainer minWidth={760}>
            <Table verticalSpacing="sm" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={36} aria-label={t("plan.what_if.choose_to_compare")} />
                  <Table.Th>{t("plan.what_if.simulation")}</Table.Th>
                  {SHOWN.map((figure) => (
                    <Table.Th key={figure} ta="right">
                      {t(`plan.what_if.figure.${figure}`)}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((item) => (
                  <ListRow
                    key={item.id}
                    item={item}
                    names={names}
                    isChosen={chosen.includes(item.id)}
                    isFull={chosen.length >= MOST_COMPARED}
                    onChoose={(isChosen) =>
                      setChosen(isChosen ? [...chosen, item.id] : chosen.filter((other) => other !== item.id))
                    }
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </section>
      )}
    </Stack>
  );
}

function ListRow(props: {
  readonly item: WhatIfSummary;
  readonly names: PlanNames;
  readonly isChosen: boolean;
  readonly isFull: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}) {
  const { item, names, isChosen, isFull, onChoose } = props;
  const { t, i18n } = useTranslation();
  const { serverClock } = useServices();
  const { total } = item;
  const how = { locale: i18n.language, currency: item.costs.currency };
  const words = changeWords(item.change, names, i18n);
  const made = formatMoment(item.createdAt, serverClock.now(), i18n.language, item.timeZone);
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          aria-label={t("plan.what_if.choose_one", { name: item.name })}
          checked={isChosen}
          disabled={!isChosen && isFull}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
      </Table.Td>
      <Table.Td maw={420}>
        <Anchor component={Link} href={`/plan/what-if/${item.id}`} fw={600} size="sm">
          {item.name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {t(item.day.kind === "recorded" ? "plan.what_if.day_recorded" : "plan.what_if.day_planned", {
            day: dayName(item.day.date, i18n.language),
          })}{" "}
          · {item.createdBy}, {made}
        </Text>
        <Text size="xs" c="dimmed" lineClamp={2}>
          {words.length === 0 ? t("plan.what_if.said.nothing") : words.join(" · ")}
        </Text>
      </Table.Td>
      {SHOWN.map((figure) => {
        const difference = total.difference?.[figure];
        return (
          <Table.Td key={figure} ta="right" className="sv-num">
            <Group gap={0} justify="flex-end">
              {formatFigure(figure, (total.changed ?? total.base)[figure].value, how)}
            </Group>
            {difference && (
              <Text size="xs" className={classes[verdict(figure, difference)] ?? ""}>
                {formatChange(figure, difference.value, how)}
              </Text>
            )}
          </Table.Td>
        );
      })}
    </Table.Tr>
  );
}
