import { Alert, Anchor, Button, Group, NativeSelect, Spoiler, Stack, Tabs, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { modals } from "@mantine/modals";
import { api, type Queue, type QueueDraft, type QueueRouting } from "@svara/contracts";
import { IconAlertTriangle, IconArrowBackUp, IconArrowLeft, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ComponentType, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useSearchParams } from "wouter";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";
import { useMay } from "../../../api/rights.ts";
import { PageHeader } from "../../../kit/page-header.tsx";
import { useServices } from "../../../services.ts";
import { useEntityChanges } from "../entity/crud.ts";
import { useLeaveGuard } from "../entity/use-leave-guard.tsx";
import { FindingCount } from "../findings/finding-note.tsx";
import { type QueueEditor as EditorParts, EditorProvider } from "./editor-context.ts";
import { focusField } from "./focus-field.ts";
import { draftOf, SECTIONS, type Section, sectionOf, toSend } from "./queue-draft.ts";
import classes from "./queue-editor.module.css";
import { queueParagraph } from "./queue-words.ts";
import { AfterSection } from "./sections/after-section.tsx";
import { BasicsSection } from "./sections/basics-section.tsx";
import { CallbackSection } from "./sections/callback-section.tsx";
import { CallingSection } from "./sections/calling-section.tsx";
import { CrossSellSection } from "./sections/cross-sell-section.tsx";
import { MixingSection } from "./sections/mixing-section.tsx";
import { OrderSection } from "./sections/order-section.tsx";
import { OverflowSection } from "./sections/overflow-section.tsx";
import { WaitingSection } from "./sections/waiting-section.tsx";
import { WhoSection } from "./sections/who-section.tsx";
import { WideningSection } from "./sections/widening-section.tsx";
import { useNames } from "./use-names.ts";
import { useQueueCheck } from "./use-queue-check.ts";

const PARTS: Readonly<Record<Section, ComponentType>> = {
  basics: BasicsSection,
  who: WhoSection,
  widening: WideningSection,
  order: OrderSection,
  overflow: OverflowSection,
  waiting: WaitingSection,
  callback: CallbackSection,
  calling: CallingSection,
  after: AfterSection,
  mixing: MixingSection,
  cross_sell: CrossSellSection,
};

const MOST_REMEMBERED = 50;
const LIST = "/office/queues";

/** A queue section by section, read back in one paragraph, checked while it is changed. */
export function QueueEditor(props: { readonly queue: Queue | undefined; readonly initial?: QueueDraft }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const [, go] = useLocation();
  const [search] = useSearchParams();
  const { queue } = props;
  const mayEdit = useMay("queues.edit");
  const [initial] = useState<QueueDraft>(() => (queue ? draftOf(queue) : (props.initial as QueueDraft)));
  const form = useForm<QueueDraft>({ initialValues: initial });
  const values = form.getValues();
  const field = search.get("field");
  const [section, setSection] = useState<Section>(
    field === null ? (queue ? "who" : "basics") : sectionOf(field),
  );
  const [past, setPast] = useState<readonly QueueDraft[]>([]);
  const names = useNames();
  const wording = useMemo(() => ({ i18n, nameOf: names.nameOf }), [i18n, names]);
  const findings = useQueueCheck(queue?.id, values, wording);
  const rules = useQuery({
    queryKey: ["config", "routing-rules"],
    queryFn: () => client.call(api.routing.rules, {}),
  });
  const { save, remove } = useEntityChanges("queue", api.queues);
  const leave = useLeaveGuard(form.isDirty() && mayEdit && !save.isPending);

  // where the page was opened for one field, the eye and the keyboard go there
  useEffect(() => {
    if (field !== null) focusField(field);
  }, [field]);

  function setRouting(changes: Partial<QueueRouting>): void {
    form.setFieldValue("routing", (routing) => ({ ...routing, ...changes }));
  }
  function remember(): void {
    setPast((all) => [...all.slice(1 - MOST_REMEMBERED), structuredClone(form.getValues())]);
  }
  function undo(): void {
    const last = past.at(-1);
    if (!last) return;
    form.setValues(last);
    setPast(past.slice(0, -1));
  }
  async function submit(draft: QueueDraft): Promise<void> {
    try {
      await save.mutateAsync({ draft: toSend(draft), entity: queue });
      leave.allow();
      go(LIST);
    } catch (error) {
      const refused = fieldProblems(error, i18n);
      form.setErrors(refused);
      const first = Object.keys(refused)[0];
      if (first === undefined) return;
      setSection(sectionOf(first));
      focusField(first);
    }
  }
  function confirmRemove(entity: Queue): void {
    modals.openConfirmModal({
      title: t("office.remove_title", { name: entity.name }),
      children: <Text size="sm">{t("office.remove_text")}</Text>,
      labels: { confirm: t("common.remove"), cancel: t("common.cancel") },
      confirmProps: { color: "red" },
      onConfirm: async () => {
        await remove.mutateAsync(entity);
        leave.allow();
        go(LIST);
      },
    });
  }
  const editor: EditorParts = {
    form,
    values,
    queueId: queue?.id,
    wording,
    findings,
    workStrategy: rules.data?.workStrategy,
    field,
    setRouting,
    remember,
    go: setSection,
  };
  const tabs = SECTIONS.map((each) => ({
    key: each,
    label: t(`queue_editor.${each}`),
    said: findings.filter((said) => sectionOf(said.field) === each),
  }));
  const Part = PARTS[section];
  return (
    <EditorProvider value={editor}>
      <form onSubmit={form.onSubmit((draft) => void submit(draft))} noValidate data-testid="queue-editor">
        <Stack gap="md">
          <PageHeader
            before={
              <Anchor component={Link} href={LIST} size="sm" className={classes.back}>
                <IconArrowLeft size={15} aria-hidden="true" />
                {t("office.queues")}
              </Anchor>
            }
            title={values.name.trim() || t("queues.create")}
            actions={
              queue &&
              mayEdit && (
                <Button
                  variant="subtle"
                  color="red"
                  leftSection={<IconTrash size={16} />}
                  onClick={() => confirmRemove(queue)}
                >
                  {t("common.remove")}
                </Button>
              )
            }
          />
          <section className={classes.paragraph} aria-label={t("queue_editor.reads")}>
            <Text className="sv-caption">{t("queue_editor.reads")}</Text>
            <Spoiler maxHeight={118} showLabel={t("common.more")} hideLabel={t("queue_editor.less")}>
              <Text size="sm" data-testid="paragraph">
                {queueParagraph(values, wording)}
              </Text>
            </Spoiler>
          </section>
          {save.isError && (
            <Alert color="red" icon={<IconAlertTriangle />} role="alert">
              {problemText(save.error, i18n)}
            </Alert>
          )}
          <NativeSelect
            className={classes.select}
            aria-label={t("queue_editor.sections")}
            value={section}
            onChange={(event) => setSection(event.currentTarget.value as Section)}
            data={tabs.map(({ key, label, said }) => ({
              value: key,
              label: said.length === 0 ? label : `${label} (${t("findings.count", { count: said.length })})`,
            }))}
          />
          <Tabs
            orientation="vertical"
            variant="pills"
            value={section}
            onChange={(next) => next && setSection(next as Section)}
            keepMounted={false}
            classNames={{
              root: classes.tabs,
              list: classes.tabList,
              panel: classes.panel,
              tab: classes.tab,
              tabLabel: classes.tabLabel,
            }}
          >
            <Tabs.List aria-label={t("queue_editor.sections")}>
              {tabs.map(({ key, label, said }) => (
                <Tabs.Tab key={key} value={key} rightSection={<FindingCount said={said} />}>
                  {label}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value={section} className="sv-surface">
              <fieldset disabled={!mayEdit} className={classes.fields}>
                <Part />
              </fieldset>
            </Tabs.Panel>
          </Tabs>
        </Stack>
        <div className={classes.bar}>
          {mayEdit ? (
            <>
              <Group gap="xs" role="status">
                <FindingCount said={findings} />
                <Text size="xs" c="dimmed">
                  {form.isDirty() ? t("queue_editor.unsaved") : ""}
                </Text>
              </Group>
              <Group gap="xs">
                {past.length > 0 && (
                  <Button
                    variant="default"
                    leftSection={<IconArrowBackUp size={16} />}
                    onClick={undo}
                    data-testid="undo"
                  >
                    {t("queue_editor.undo")}
                  </Button>
                )}
                <Button component={Link} href={LIST} variant="default">
                  {t("common.cancel")}
                </Button>
                <Button type="submit" loading={save.isPending} data-testid="save">
                  {t("common.save")}
                </Button>
              </Group>
            </>
          ) : (
            <Text size="sm" c="dimmed">
              {t("office.locked")}
            </Text>
          )}
        </div>
      </form>
    </EditorProvider>
  );
}
