import { NumberInput, Switch, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api } from "@svara/contracts";
import { IconChecklist } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DraftOf } from "../../../office/entity/crud.ts";
import { EntityPage } from "../../../office/entity/entity-page.tsx";
import { FormSection } from "../../../office/entity/fields.tsx";
import { RulesForFields, RulesForWords } from "./rules-for.tsx";

type Draft = DraftOf<typeof api.planApprovalRules>;

/** What is granted without a person. */
export function ApprovalRulesPage() {
  const { t } = useTranslation();
  const yes = (byRules: boolean): string => t(byRules ? "plan.approval.rules" : "plan.approval.person");
  return (
    <EntityPage
      kind="approval_rules"
      routes={api.planApprovalRules}
      edit="plan.edit"
      icon={IconChecklist}
      words={{
        title: t("plan.roster.parts.approval"),
        description: t("plan.approval.description"),
        create: t("plan.approval.create"),
        emptyTitle: t("plan.approval.empty_title"),
        emptyText: t("plan.approval.empty_text"),
      }}
      nameOf={(rules) => rules.name}
      columns={[
        {
          label: t("plan.rules.for"),
          render: ({ teamIds, siteIds }) => <RulesForWords teamIds={teamIds} siteIds={siteIds} />,
        },
        { label: t("plan.requests.kind.leave"), render: ({ leave }) => yes(leave.byRules) },
        { label: t("plan.requests.kind.swap"), render: ({ swap }) => yes(swap.byRules) },
        { label: t("plan.requests.kind.overtime"), render: ({ overtime }) => yes(overtime.byRules) },
      ]}
      blank={() => ({
        name: "",
        teamIds: [],
        siteIds: [],
        leave: { byRules: false, noticeDays: 14, minCover: 1 },
        swap: { byRules: true, noticeHours: 24 },
        overtime: { byRules: false },
      })}
      toDraft={({ id: _, revision: _r, archived: _a, ...draft }) => draft}
      fields={(form) => <ApprovalFields form={form} />}
    />
  );
}

function ApprovalFields({ form }: { readonly form: UseFormReturnType<Draft> }) {
  const { t } = useTranslation();
  const { leave, swap, overtime } = form.getValues();
  return (
    <>
      <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
      <RulesForFields teams={form.getInputProps("teamIds")} sites={form.getInputProps("siteIds")} />
      <Text size="sm" c="dimmed">
        {t("plan.approval.hint")}
      </Text>
      <FormSection title={t("plan.requests.kind.leave")}>
        <Switch
          label={t("plan.approval.leave_by_rules")}
          checked={leave.byRules}
          onChange={(event) => form.setFieldValue("leave.byRules", event.currentTarget.checked)}
        />
        {leave.byRules && (
          <>
            <NumberInput
              label={t("plan.approval.notice_days")}
              min={0}
              max={365}
              allowDecimal={false}
              {...form.getInputProps("leave.noticeDays")}
            />
            <NumberInput
              label={t("plan.approval.min_cover")}
              description={t("plan.approval.min_cover_hint")}
              min={0}
              max={200}
              suffix=" %"
              value={Math.round(leave.minCover * 100)}
              error={form.errors["leave.minCover"]}
              onChange={(value) =>
                form.setFieldValue("leave.minCover", typeof value === "number" ? value / 100 : 1)
              }
            />
          </>
        )}
      </FormSection>
      <FormSection title={t("plan.requests.kind.swap")}>
        <Switch
          label={t("plan.approval.swap_by_rules")}
          checked={swap.byRules}
          onChange={(event) => form.setFieldValue("swap.byRules", event.currentTarget.checked)}
        />
        {swap.byRules && (
          <NumberInput
            label={t("plan.approval.notice_hours")}
            min={0}
            max={720}
            allowDecimal={false}
            {...form.getInputProps("swap.noticeHours")}
          />
        )}
      </FormSection>
      <FormSection title={t("plan.requests.kind.overtime")}>
        <Switch
          label={t("plan.approval.overtime_by_rules")}
          checked={overtime.byRules}
          onChange={(event) => form.setFieldValue("overtime.byRules", event.currentTarget.checked)}
        />
      </FormSection>
    </>
  );
}
