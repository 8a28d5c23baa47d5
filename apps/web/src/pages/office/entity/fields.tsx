import { ActionIcon, Button, Group, MultiSelect, Rating, Select, Stack, Text, Title } from "@mantine/core";
import { api, type ConfigurationKind } from "@svara/contracts";
import { IconPlus, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../../services.ts";
import { type EntityRoutes, useEntities } from "./crud.ts";

/** What a form's `getInputProps` gives, as far as these fields use it. */
export interface FieldProps {
  readonly value?: unknown;
  readonly onChange: (value: never) => void;
  readonly error?: ReactNode;
}

interface ChoiceProps {
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly clearable?: boolean;
  readonly required?: boolean;
}

type Named = { readonly id: string; readonly name?: string | null; readonly displayName?: string };

/** Choices of one kind of configured thing. */
export function useChoices(
  kind: ConfigurationKind,
  routes: EntityRoutes,
  keep: (entity: never) => boolean = () => true,
): { value: string; label: string }[] {
  const list = useEntities(kind, routes);
  return ((list.data ?? []) as readonly Named[])
    .filter((each) => keep(each as never))
    .map((each) => ({ value: each.id, label: each.displayName ?? each.name ?? each.id }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

/** One of the things of a kind, or none. */
export function EntitySelect(
  props: ChoiceProps &
    FieldProps & {
      readonly kind: ConfigurationKind;
      readonly routes: EntityRoutes;
      readonly keep?: (entity: never) => boolean;
    },
) {
  const { kind, routes, keep, value, onChange, ...rest } = props;
  const { t } = useTranslation();
  const data = useChoices(kind, routes, keep);
  return (
    <Select
      {...rest}
      data={data}
      searchable={data.length > 8}
      placeholder={rest.placeholder ?? t("office.choose")}
      value={(value as string | null | undefined) ?? null}
      onChange={(next) => onChange(next as never)}
    />
  );
}

/** Several of the things of a kind. */
export function EntityMultiSelect(
  props: ChoiceProps &
    FieldProps & {
      readonly kind: ConfigurationKind;
      readonly routes: EntityRoutes;
      readonly keep?: (entity: never) => boolean;
    },
) {
  const { kind, routes, keep, value, onChange, ...rest } = props;
  const data = useChoices(kind, routes, keep);
  return (
    <MultiSelect
      {...rest}
      data={data}
      searchable
      hidePickedOptions
      value={(value as string[] | undefined) ?? []}
      onChange={(next) => onChange(next as never)}
    />
  );
}

/** The client a thing belongs to; not shown while there is only one. */
export function ClientSelect(props: FieldProps & { readonly label?: string; readonly description?: string }) {
  const { t } = useTranslation();
  const { clients } = useSession();
  if (clients.length <= 1) return null;
  return (
    <Select
      label={props.label ?? t("fields.client")}
      description={props.description}
      data={clients.map((each) => ({ value: each.id, label: each.name }))}
      value={(props.value as string | null | undefined) ?? null}
      onChange={(next) => props.onChange(next as never)}
      error={props.error}
    />
  );
}

/** Skills with a level each, for agents (proficiency) and queues (the least wanted). */
export function SkillLevels<Key extends "level" | "minLevel">(props: {
  readonly label: string;
  readonly description: string;
  readonly levelKey: Key;
  readonly value: readonly ({ skillId: string } & Record<Key, number>)[];
  readonly onChange: (value: ({ skillId: string } & Record<Key, number>)[]) => void;
}) {
  const { t } = useTranslation();
  const { levelKey, value, onChange } = props;
  const skills = useChoices("skill", api.skills);
  const free = skills.filter((skill) => !value.some((each) => each.skillId === skill.value));
  const entry = (skillId: string, level: number) =>
    ({ skillId, [levelKey]: level }) as { skillId: string } & Record<Key, number>;
  return (
    <Stack gap={6}>
      <div>
        <Text size="sm" fw={500}>
          {props.label}
        </Text>
        <Text size="xs" c="dimmed">
          {props.description}
        </Text>
      </div>
      {value.map((each) => {
        const name = skills.find((skill) => skill.value === each.skillId)?.label ?? "…";
        return (
          <Group
            key={each.skillId}
            justify="space-between"
            wrap="nowrap"
            px="sm"
            py={4}
            className="sv-surface"
          >
            <Text size="sm" truncate>
              {name}
            </Text>
            <Group gap="sm" wrap="nowrap">
              <Rating
                count={5}
                value={each[levelKey]}
                aria-label={t("office.level_of", { name })}
                onChange={(level) =>
                  onChange(
                    value.map((other) => (other === each ? entry(each.skillId, Math.max(1, level)) : other)),
                  )
                }
              />
              <ActionIcon
                aria-label={`${t("common.remove")}: ${name}`}
                onClick={() => onChange(value.filter((other) => other !== each))}
              >
                <IconX size={16} />
              </ActionIcon>
            </Group>
          </Group>
        );
      })}
      {free.length > 0 ? (
        <Select
          data={free}
          value={null}
          searchable={free.length > 8}
          leftSection={<IconPlus size={15} />}
          placeholder={t("office.add_skill")}
          aria-label={t("office.add_skill")}
          onChange={(skillId) =>
            skillId && onChange([...value, entry(skillId, levelKey === "level" ? 3 : 1)])
          }
        />
      ) : (
        skills.length === 0 && (
          <Text size="xs" c="dimmed">
            {t("office.no_skills")}
          </Text>
        )
      )}
    </Stack>
  );
}

/** A titled part of a long form. */
export function FormSection({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack gap="sm" pt="xs" style={{ borderTop: "1px solid var(--sv-line)" }}>
      <Title order={3} mt={4}>
        {title}
      </Title>
      {children}
    </Stack>
  );
}

/** Adds one more row to a list in a form. */
export function AddRow({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <Button
      variant="subtle"
      size="xs"
      leftSection={<IconPlus size={15} />}
      onClick={onClick}
      style={{ alignSelf: "flex-start" }}
    >
      {label}
    </Button>
  );
}
