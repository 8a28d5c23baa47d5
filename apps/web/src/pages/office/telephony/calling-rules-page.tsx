import { Alert, Button, Group, Skeleton, Stack, Switch, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  type AnswerOf,
  api,
  type CallingRules,
  DEFAULT_FEATURE_CODES,
  FEATURE_ARGUMENTS,
  FEATURES,
  type Feature,
} from "@svara/contracts";
import { IconAlertTriangle, IconRestore } from "@tabler/icons-react";
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
import classes from "./calling-rules.module.css";
import { type CodeProblem, codeProblems, mayBeSaved } from "./feature-codes.ts";

type Rules = AnswerOf<typeof api.callingRules.get>;

/** What holds for calls in the whole centre: codes that phones dial, parking, whether monitoring is shown. */
export function CallingRulesPage() {
  const { t } = useTranslation();
  const { client } = useServices();
  const rules = useQuery({
    queryKey: ["config", "calling-rules"],
    queryFn: () => client.call(api.callingRules.get, {}),
  });
  return (
    <Stack gap="md">
      <PageHeader title={t("office.calling")} description={t("calling_rules.description")} />
      {rules.isError && <QueryProblem error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.isPending && <Skeleton height={320} radius="lg" />}
      {rules.data && <RulesForm key={rules.data.revision} rules={rules.data} />}
    </Stack>
  );
}

function RulesForm({ rules }: { readonly rules: Rules }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const mayEdit = useMay("telephony.edit");
  const told = useChangeTold("calling_rules");
  const { id, revision, ...draft } = rules;
  const form = useForm<CallingRules>({ initialValues: draft });
  const values = form.getValues();
  const problems = codeProblems(values.featureCodes);
  const save = useMutation({
    mutationFn: (body: CallingRules) => client.call(api.callingRules.replace, { body, ifMatch: revision }),
    onSuccess: async (saved) => {
      form.resetDirty();
      await told(t("office.saved"), { id, revision: saved.revision });
    },
    onError: (error) => form.setErrors(fieldProblems(error, i18n)),
    meta: { handlesErrors: true },
  });
  useLeaveGuard(form.isDirty() && mayEdit && !save.isPending);
  return (
    <form
      onSubmit={form.onSubmit((body) => {
        if (mayBeSaved(problems)) save.mutate(body);
      })}
      noValidate
    >
      <fieldset disabled={!mayEdit} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack gap="md">
          {save.isError && (
            <Alert color="red" icon={<IconAlertTriangle />} role="alert">
              {problemText(save.error, i18n)}
            </Alert>
          )}
          <Block title={t("calling_rules.calls")} text={t("calling_rules.calls_text")}>
            <DurationInput
              label={t("calling_rules.direct_ring")}
              description={t("calling_rules.direct_ring_hint")}
              minMs={5_000}
              maxMs={120_000}
              maw={420}
              value={values.directRingMs}
              error={form.errors.directRingMs}
              onChange={(ms) => form.setFieldValue("directRingMs", ms)}
            />
            <DurationInput
              label={t("calling_rules.park_limit")}
              description={t("calling_rules.park_limit_hint")}
              minMs={15_000}
              maxMs={3_600_000}
              maw={420}
              value={values.parkLimitMs}
              error={form.errors.parkLimitMs}
              onChange={(ms) => form.setFieldValue("parkLimitMs", ms)}
            />
            <Switch
              label={t("calling_rules.show_monitoring")}
              description={t("calling_rules.show_monitoring_hint")}
              {...form.getInputProps("showMonitoring", { type: "checkbox" })}
            />
          </Block>
          <Block title={t("calling_rules.codes")} text={t("calling_rules.codes_text")}>
            <div className={classes.codes}>
              {FEATURES.map((feature) => (
                <CodeRow
                  key={feature}
                  feature={feature}
                  code={values.featureCodes[feature]}
                  problem={problems.get(feature)}
                  refusal={form.errors[`featureCodes.${feature}`]}
                  onChange={(code) => form.setFieldValue(`featureCodes.${feature}`, code)}
                />
              ))}
            </div>
          </Block>
          {mayEdit ? (
            <Group justify="space-between">
              <Button
                variant="subtle"
                leftSection={<IconRestore size={16} />}
                onClick={() => form.setFieldValue("featureCodes", { ...DEFAULT_FEATURE_CODES })}
              >
                {t("calling_rules.defaults")}
              </Button>
              <Button
                type="submit"
                disabled={!form.isDirty() || !mayBeSaved(problems)}
                loading={save.isPending}
                data-testid="save"
              >
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

function CodeRow(props: {
  readonly feature: Feature;
  readonly code: string | null;
  readonly problem: CodeProblem | undefined;
  readonly refusal: ReactNode;
  readonly onChange: (code: string | null) => void;
}) {
  const { t } = useTranslation();
  const { feature, code, problem } = props;
  const said = useCodeProblemText(problem);
  return (
    <div className={classes.code} data-testid={`code-${feature}`}>
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={580}>
          {t(`feature.${feature}`)}
        </Text>
        <Text size="xs" c="dimmed">
          {t(`feature.${feature}_hint`)}
        </Text>
      </div>
      <div>
        <TextInput
          aria-label={t("calling_rules.code_of", { feature: t(`feature.${feature}`) })}
          placeholder={t("calling_rules.no_code")}
          className="sv-num"
          value={code ?? ""}
          error={problem?.kind === "hides" ? undefined : (said ?? props.refusal)}
          onChange={(event) => props.onChange(event.currentTarget.value.trim() || null)}
        />
        <Text size="xs" c={problem?.kind === "hides" ? "orange" : "dimmed"} className="sv-num" mt={2}>
          {problem?.kind === "hides" ? said : <Example feature={feature} code={code} />}
        </Text>
      </div>
    </div>
  );
}

/** What is dialled, with an example of what follows the code. */
function Example({ feature, code }: { readonly feature: Feature; readonly code: string | null }) {
  const { t } = useTranslation();
  if (code === null) return t("calling_rules.without_code", { code: DEFAULT_FEATURE_CODES[feature] });
  const argument = feature === "fetch_parked" ? "12" : "204";
  switch (FEATURE_ARGUMENTS[feature]) {
    case "none":
      return t("calling_rules.dial", { code });
    case "some":
      return t("calling_rules.dial", { code: `${code}${argument}` });
    case "may":
      return t("calling_rules.dial_either", { code, with: `${code}${argument}` });
  }
}

function useCodeProblemText(problem: CodeProblem | undefined): string | undefined {
  const { t } = useTranslation();
  switch (problem?.kind) {
    case undefined:
      return undefined;
    case "malformed":
      return t("calling_rules.malformed");
    case "taken":
      return t("calling_rules.taken", { feature: t(`feature.${problem.by}`) });
    case "hides":
      return t("calling_rules.hides", { feature: t(`feature.${problem.other}`) });
  }
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
