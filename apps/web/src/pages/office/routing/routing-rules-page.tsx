import { Alert, Button, Group, NumberInput, Radio, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type AnswerOf, api, WORK_STRATEGIES } from "@svara/contracts";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";
import { useMay } from "../../../api/rights.ts";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { useChangeTold } from "../entity/crud.ts";
import { DurationInput } from "../entity/duration-input.tsx";
import { useLeaveGuard } from "../entity/use-leave-guard.tsx";

type Rules = AnswerOf<typeof api.routing.rules>;

/** What holds for the router of the whole centre. */
export function RoutingRulesPage() {
  const { t } = useTranslation();
  const { client } = useServices();
  const rules = useQuery({
    queryKey: ["config", "routing-rules"],
    queryFn: () => client.call(api.routing.rules, {}),
  });
  return (
    <Stack gap="md">
      <PageHeader title={t("office.routing-rules")} description={t("routing_rules.description")} />
      {rules.isError && <QueryProblem error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.isPending && <Skeleton height={320} radius="lg" />}
      {rules.data && <RulesForm key={rules.data.revision} rules={rules.data} />}
    </Stack>
  );
}

function RulesForm({ rules }: { readonly rules: Rules }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const mayEdit = useMay("centre.edit");
  const told = useChangeTold("routing_rules");
  const { id, revision, ...draft } = rules;
  const form = useForm({ initialValues: draft });
  const values = form.getValues();
  const save = useMutation({
    mutationFn: (body: typeof draft) => client.call(api.routing.replaceRules, { body, ifMatch: revision }),
    onSuccess: async (saved) => {
      form.resetDirty();
      await told(t("office.saved"), { id, revision: saved.revision });
    },
    onError: (error) => form.setErrors(fieldProblems(error, i18n)),
    meta: { handlesErrors: true },
  });
  useLeaveGuard(form.isDirty() && mayEdit && !save.isPending);
  return (
    <form onSubmit={form.onSubmit((body) => save.mutate(body))} noValidate>
      <fieldset disabled={!mayEdit} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack gap="md">
          {save.isError && (
            <Alert color="red" icon={<IconAlertTriangle />} role="alert">
              {problemText(save.error, i18n)}
            </Alert>
          )}
          <Block title={t("routing_rules.work")} text={t("routing_rules.work_text")}>
            <Radio.Group
              aria-label={t("routing_rules.work")}
              value={values.workStrategy}
              onChange={(next) => form.setFieldValue("workStrategy", next as Rules["workStrategy"])}
            >
              <Stack gap="sm">
                {WORK_STRATEGIES.map((strategy) => (
                  <Radio
                    key={strategy}
                    value={strategy}
                    label={t(`work_strategy.${strategy}`)}
                    description={
                      <>
                        {t(`work_strategy.${strategy}_hint`)} {t(`work_strategy.${strategy}_asks`)}{" "}
                        <i>{t(`work_strategy.${strategy}_source`)}</i>
                      </>
                    }
                  />
                ))}
              </Stack>
            </Radio.Group>
          </Block>
          <Block title={t("routing_rules.misses")} text={t("routing_rules.misses_text")}>
            <NumberInput
              label={t("routing_rules.misses_allowed")}
              description={t("routing_rules.misses_allowed_hint")}
              min={1}
              max={100}
              allowDecimal={false}
              maw={420}
              {...form.getInputProps("missesAllowed")}
            />
            {values.missesAllowed > 1 && (
              <DurationInput
                label={t("routing_rules.rest")}
                description={t("routing_rules.rest_hint")}
                minMs={0}
                maxMs={600_000}
                maw={420}
                value={values.restAfterMissMs}
                error={form.errors.restAfterMissMs}
                onChange={(ms) => form.setFieldValue("restAfterMissMs", ms)}
              />
            )}
          </Block>
          <Block title={t("routing_rules.lost")} text={t("routing_rules.lost_text")}>
            <DurationInput
              label={t("routing_rules.grace")}
              description={t("routing_rules.grace_hint")}
              minMs={5_000}
              maxMs={3_600_000}
              maw={420}
              value={values.connectionGraceMs}
              error={form.errors.connectionGraceMs}
              onChange={(ms) => form.setFieldValue("connectionGraceMs", ms)}
            />
            <DurationInput
              label={t("routing_rules.lease")}
              description={t("routing_rules.lease_hint")}
              minMs={30_000}
              maxMs={3_600_000}
              maw={420}
              value={values.assignmentLeaseMs}
              error={form.errors.assignmentLeaseMs}
              onChange={(ms) => form.setFieldValue("assignmentLeaseMs", ms)}
            />
          </Block>
          {mayEdit ? (
            <Group justify="flex-end">
              <Button type="submit" disabled={!form.isDirty()} loading={save.isPending} data-testid="save">
                {t("common.save")}
              </Button>
            </Group>
          ) : (
            <Text size="sm" c="dimmed">
              {t("office.locked")}
            </Text>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}

function Block(props: { readonly title: string; readonly text: string; readonly children: ReactNode }) {
  return (
    <section className="sv-surface" style={{ padding: "1.25rem" }} aria-label={props.title}>
      <Stack gap="md">
        <div>
          <Title order={2}>{props.title}</Title>
          <Text size="sm" c="dimmed" maw={680}>
            {props.text}
          </Text>
        </div>
        {props.children}
      </Stack>
    </section>
  );
}
