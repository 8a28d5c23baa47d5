import {
  Alert,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { type AnswerOf, api, type DialRulesDraft } from "@svara/contracts";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";
import { useMay } from "../../../api/rights.ts";
import { allCountryOptions } from "../../../kit/all-country-options.ts";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices, useSession } from "../../../services.ts";
import { useChangeTold } from "../entity/crud.ts";
import { useLeaveGuard } from "../entity/use-leave-guard.tsx";
import { DialTry } from "./dial-try.tsx";

type Rules = AnswerOf<typeof api.dialRules.get>;

const LIMITS = [
  "agentAtOnce",
  "agentPerDay",
  "agentAbroadPerDay",
  "clientAtOnce",
  "clientAbroadPerDay",
  "trunkPerDay",
] as const;

/** What may be called for each client, and a box that tells what would happen. */
export function DialRulesPage() {
  const { t } = useTranslation();
  const { client } = useServices();
  const { clients } = useSession();
  const [chosen, setChosen] = useState<string>();
  const clientId = chosen ?? clients[0]?.id ?? "";
  const rules = useQuery({
    queryKey: ["config", "dial-rules", clientId],
    queryFn: () => client.call(api.dialRules.get, { params: { id: clientId } }),
    enabled: clientId !== "",
  });
  return (
    <Stack gap="md">
      <PageHeader title={t("office.dial-rules")} description={t("dial.description")} />
      {clients.length > 1 && (
        <Select
          label={t("fields.client")}
          maw={360}
          allowDeselect={false}
          data={clients.map(({ id, name }) => ({ value: id, label: name }))}
          value={clientId}
          onChange={(id) => setChosen(id ?? undefined)}
        />
      )}
      {rules.isError && <QueryProblem error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.isPending && clientId !== "" && <Skeleton height={320} radius="lg" />}
      {rules.data && (
        <>
          <DialTry clientId={clientId} revision={rules.data.revision} />
          <RulesForm key={`${rules.data.id} ${rules.data.revision}`} rules={rules.data} />
        </>
      )}
    </Stack>
  );
}

function RulesForm({ rules }: { readonly rules: Rules }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const mayEdit = useMay("telephony.edit");
  const told = useChangeTold("dial_rules");
  const { id, revision, ...draft } = rules;
  const form = useForm<DialRulesDraft>({ initialValues: draft });
  const { countries, outsidePrefix, limits, blocked, allowed } = form.getValues();
  const save = useMutation({
    mutationFn: (body: DialRulesDraft) =>
      client.call(api.dialRules.replace, { params: { id }, body, ifMatch: revision }),
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
          <Block title={t("dial.where")} text={t("dial.where_text")}>
            <SegmentedControl
              aria-label={t("dial.countries")}
              disabled={!mayEdit}
              style={{ alignSelf: "flex-start" }}
              value={countries === "all" ? "all" : "some"}
              onChange={(which) => form.setFieldValue("countries", which === "all" ? "all" : [])}
              data={[
                { value: "some", label: t("dial.countries_some") },
                { value: "all", label: t("dial.countries_all") },
              ]}
            />
            {countries !== "all" && (
              <MultiSelect
                label={t("dial.countries")}
                description={t("dial.countries_hint")}
                maw={620}
                searchable
                clearable
                hidePickedOptions
                data={allCountryOptions(i18n.language)}
                value={countries}
                error={form.errors.countries}
                onChange={(value) => form.setFieldValue("countries", value)}
              />
            )}
            <Switch
              label={t("dial.high_cost")}
              description={t("dial.high_cost_hint")}
              {...form.getInputProps("highCost", { type: "checkbox" })}
            />
            <TextInput
              label={t("dial.outside_prefix")}
              description={t("dial.outside_prefix_hint")}
              maw={420}
              className="sv-num"
              value={outsidePrefix ?? ""}
              error={form.errors.outsidePrefix}
              onChange={(event) =>
                form.setFieldValue("outsidePrefix", event.currentTarget.value.replace(/\D/g, "") || null)
              }
            />
          </Block>
          <Block title={t("dial.beginnings")} text={t("dial.beginnings_text")}>
            <Beginnings
              label={t("dial.blocked")}
              hint={t("dial.blocked_hint")}
              value={blocked}
              error={errorOf(form.errors, "blocked")}
              onChange={(value) => form.setFieldValue("blocked", value)}
            />
            <Beginnings
              label={t("dial.allowed")}
              hint={t("dial.allowed_hint")}
              value={allowed}
              error={errorOf(form.errors, "allowed")}
              onChange={(value) => form.setFieldValue("allowed", value)}
            />
          </Block>
          <Block title={t("dial.limits")} text={t("dial.limits_text")}>
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {LIMITS.map((limit) => (
                <NumberInput
                  key={limit}
                  label={t(`dial.limit_${limit}`)}
                  min={limit.endsWith("AtOnce") ? 1 : 0}
                  max={1_000_000}
                  thousandSeparator=" "
                  value={limits[limit]}
                  error={form.errors[`limits.${limit}`]}
                  onChange={(value) => form.setFieldValue(`limits.${limit}`, Number(value))}
                />
              ))}
            </SimpleGrid>
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

/** Beginnings of numbers by E.164; blanks and dashes in them are nobody's concern. */
function Beginnings(props: {
  readonly label: string;
  readonly hint: string;
  readonly value: readonly string[];
  readonly error: ReactNode;
  readonly onChange: (value: string[]) => void;
}) {
  return (
    <TagsInput
      label={props.label}
      description={props.hint}
      placeholder="+882"
      className="sv-num"
      maw={620}
      value={[...props.value]}
      error={props.error}
      onChange={(texts) => props.onChange(texts.map((text) => text.replace(/[\s()-]/g, "")))}
    />
  );
}

function errorOf(errors: Record<string, ReactNode>, field: string): ReactNode {
  return errors[field] ?? Object.entries(errors).find(([key]) => key.startsWith(`${field}.`))?.[1];
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
