import {
  ActionIcon,
  Alert,
  Button,
  Chip,
  Drawer,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { api, type RosterGroupDraft, type RosterView, WEEKDAYS } from "@svara/contracts";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";
import { useMay } from "../../../api/rights.ts";
import { useServices } from "../../../services.ts";
import { useEntities } from "../../office/entity/crud.ts";
import { EntityMultiSelect } from "../../office/entity/fields.tsx";
import { dayName } from "../../office/hours/day-name.ts";
import { blankGroup, numbersOf, typedAs } from "./requirement-draft.ts";

/** How many agents are needed, group by group: the same number, from a queue's plan, or typed. */
export function RequirementEditor(props: {
  readonly view: RosterView;
  readonly onClose: () => void;
  readonly onSaved: (view: RosterView) => void;
}) {
  const { t, i18n } = useTranslation();
  const { client, ids } = useServices();
  const { view } = props;
  const [groups, setGroups] = useState<RosterGroupDraft[]>(() =>
    view.groups.length > 0 ? view.groups : [blankGroup(ids.next(), t("plan.roster.everybody"))],
  );
  const queues = useEntities("queue", api.queues, { enabled: useMay("queues.view") });
  const save = useMutation({
    mutationFn: () =>
      client.call(api.planRosters.setGroups, {
        params: { id: view.id },
        body: { draftRevision: view.draftRevision, groups, weights: view.weights },
      }),
    onSuccess: (saved) => {
      props.onSaved(saved);
      props.onClose();
    },
    meta: { handlesErrors: true },
  });
  const faults = fieldProblems(save.error, i18n);
  const set = (index: number, group: RosterGroupDraft): void =>
    setGroups(groups.map((each, at) => (at === index ? group : each)));
  return (
    <Drawer
      opened
      onClose={props.onClose}
      position="right"
      size={560}
      title={
        <Text fw={620} size="lg" component="span">
          {t("plan.roster.requirement")}
        </Text>
      }
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t("plan.roster.requirement_text")}
        </Text>
        {save.isError && (
          <Alert color="red" role="alert">
            {problemText(save.error, i18n)}
          </Alert>
        )}
        {groups.map((group, index) => {
          const fault = (field: string): string | undefined => faults[`groups.${index}.${field}`];
          const { source } = group;
          return (
            <Stack key={group.id} gap="sm" className="sv-surface" p="md">
              <Group wrap="nowrap" align="flex-end">
                <TextInput
                  flex={1}
                  label={t("plan.roster.group")}
                  value={group.name}
                  error={fault("name")}
                  onChange={(event) => set(index, { ...group, name: event.currentTarget.value })}
                />
                <ActionIcon
                  mb={4}
                  aria-label={`${t("common.remove")}: ${group.name}`}
                  onClick={() => setGroups(groups.filter((each) => each !== group))}
                >
                  <IconX size={16} />
                </ActionIcon>
              </Group>
              <Group grow align="flex-start">
                <Select
                  label={t("fields.queue")}
                  clearable
                  searchable
                  placeholder={t("plan.roster.any_queue")}
                  data={(queues.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                  value={group.queueId}
                  error={fault("queueId")}
                  onChange={(queueId) => {
                    const queue = queues.data?.find(({ id }) => id === queueId);
                    set(index, { ...group, queueId, ...(queue && { name: queue.name }) });
                  }}
                />
                <EntityMultiSelect
                  kind="skill"
                  routes={api.skills}
                  label={t("plan.roster.with_skills")}
                  value={group.skillIds}
                  error={fault("skillIds")}
                  onChange={(skillIds: string[]) => set(index, { ...group, skillIds })}
                />
              </Group>
              <Select
                label={t("plan.roster.source")}
                data={(["flat", "forecast", "typed"] as const).map((kind) => ({
                  value: kind,
                  label: t(`plan.roster.sources.${kind}`),
                }))}
                value={source.kind}
                error={fault("source") ?? fault("source.required")}
                onChange={(kind) =>
                  set(index, { ...group, source: typedAs(source, (kind ?? "flat") as typeof source.kind) })
                }
              />
              {source.kind === "flat" && (
                <>
                  <Group grow>
                    <NumberInput
                      label={t("plan.roster.agents")}
                      min={0}
                      max={5000}
                      decimalScale={2}
                      value={source.agents}
                      onChange={(agents) =>
                        set(index, {
                          ...group,
                          source: { ...source, agents: typeof agents === "number" ? agents : 0 },
                        })
                      }
                    />
                    <TextInput
                      type="time"
                      step={900}
                      label={t("plan.roster.begins")}
                      value={source.from}
                      onChange={(event) =>
                        set(index, { ...group, source: { ...source, from: event.currentTarget.value } })
                      }
                    />
                    <TextInput
                      type="time"
                      step={900}
                      label={t("plan.roster.ends")}
                      value={source.to}
                      onChange={(event) =>
                        set(index, { ...group, source: { ...source, to: event.currentTarget.value } })
                      }
                    />
                  </Group>
                  <Chip.Group
                    multiple
                    value={[...source.weekdays]}
                    onChange={(weekdays) =>
                      set(index, {
                        ...group,
                        source: { ...source, weekdays: weekdays as (typeof WEEKDAYS)[number][] },
                      })
                    }
                  >
                    <Group gap={6}>
                      {WEEKDAYS.map((weekday) => (
                        <Chip key={weekday} value={weekday} size="xs">
                          {dayName(weekday, i18n.language)}
                        </Chip>
                      ))}
                    </Group>
                  </Chip.Group>
                </>
              )}
              {source.kind === "forecast" && (
                <Switch
                  label={t("plan.roster.with_shrinkage")}
                  checked={source.shrinkage ?? false}
                  onChange={(event) =>
                    set(index, { ...group, source: { ...source, shrinkage: event.currentTarget.checked } })
                  }
                />
              )}
              {source.kind === "typed" && (
                <Textarea
                  label={t("plan.roster.typed")}
                  description={t("plan.roster.typed_hint", { count: source.required.length })}
                  maxRows={8}
                  defaultValue={source.required.join(" ")}
                  onChange={(event) =>
                    set(index, {
                      ...group,
                      source: { kind: "typed", required: numbersOf(event.currentTarget.value) },
                    })
                  }
                />
              )}
            </Stack>
          );
        })}
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={15} />}
          style={{ alignSelf: "flex-start" }}
          onClick={() => setGroups([...groups, blankGroup(ids.next(), t("plan.roster.new_group"))])}
        >
          {t("plan.roster.add_group")}
        </Button>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate()} data-testid="save-requirement">
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </Drawer>
  );
}
