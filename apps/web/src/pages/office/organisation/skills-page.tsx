import { Anchor, Group, Rating, Stack, Text, Textarea, TextInput, VisuallyHidden } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconStars } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useMay } from "../../../api/rights.ts";
import { useEntities } from "../entity/crud.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { FormSection } from "../entity/fields.tsx";
import { type QueueUse, type SkillUse, skillUse } from "./skill-usage.ts";
import classes from "./skills.module.css";

/** What agents can do; queues ask for it. */
export function SkillsPage() {
  const { t } = useTranslation();
  const users = useEntities("user", api.users, { enabled: useMay("users.view") });
  const queues = useEntities("queue", api.queues, { enabled: useMay("queues.view") });
  const usedAs = (skillId: string): SkillUse => skillUse(skillId, users.data ?? [], queues.data ?? []);
  return (
    <EntityPage
      kind="skill"
      routes={api.skills}
      edit="organisation.edit"
      icon={IconStars}
      words={{
        title: t("office.skills"),
        description: t("skills.description"),
        create: t("skills.create"),
        emptyTitle: t("skills.empty_title"),
        emptyText: t("skills.empty_text"),
      }}
      nameOf={(skill) => skill.name}
      columns={[
        { label: t("fields.description"), render: (skill) => skill.description || "–" },
        { label: t("skills.by_level"), render: (skill) => <Levels use={usedAs(skill.id)} /> },
        { label: t("skills.agents"), end: true, render: (skill) => usedAs(skill.id).holders.length },
        { label: t("office.queues"), end: true, render: (skill) => usedAs(skill.id).queues.length },
      ]}
      blank={() => ({ name: "", description: "" })}
      toDraft={({ name, description }) => ({ name, description })}
      fields={(form, skill) => (
        <>
          <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
          <Textarea
            label={t("fields.description")}
            description={t("skills.description_hint")}
            {...form.getInputProps("description")}
          />
          {skill && <SkillUsage use={usedAs(skill.id)} />}
        </>
      )}
    />
  );
}

/** Five columns, one for each level, as high as there are agents. */
function Levels({ use }: { readonly use: SkillUse }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...use.levels);
  return (
    <span className={classes.levels}>
      {use.levels.map((count, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is the level
        <span key={index} className={classes.level} title={t("skills.at_level", { level: index + 1, count })}>
          <span className={classes.bar} style={{ height: `${(count / most) * 100}%` }} aria-hidden="true" />
          <VisuallyHidden>{t("skills.at_level", { level: index + 1, count })}; </VisuallyHidden>
        </span>
      ))}
    </span>
  );
}

function SkillUsage({ use }: { readonly use: SkillUse }) {
  const { t } = useTranslation();
  return (
    <>
      <FormSection title={t("skills.who")}>
        {use.holders.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("skills.nobody")}
          </Text>
        )}
        <Stack gap={4}>
          {use.holders.map(({ id, name, level }) => (
            <Group key={id} justify="space-between" wrap="nowrap">
              <Anchor component={Link} href={`/office/users?open=${id}`} size="sm" truncate>
                {name}
              </Anchor>
              <Rating readOnly value={level} size="xs" aria-label={t("office.level_of", { name })} />
            </Group>
          ))}
        </Stack>
      </FormSection>
      <FormSection title={t("skills.where")}>
        {use.queues.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("skills.nowhere")}
          </Text>
        )}
        <Stack gap={4}>
          {use.queues.map((queue) => (
            <Group key={queue.queueId} justify="space-between" wrap="nowrap">
              <Anchor component={Link} href={`/office/queues/${queue.queueId}`} size="sm" truncate>
                {queue.name}
              </Anchor>
              <Text size="sm" c="dimmed" ta="right">
                <UseWords queue={queue} />
              </Text>
            </Group>
          ))}
        </Stack>
      </FormSection>
    </>
  );
}

function UseWords({ queue }: { readonly queue: QueueUse }) {
  const { t } = useTranslation();
  return queue.how === "required" ? t("skills.required", { level: queue.level }) : t(`skills.${queue.how}`);
}
