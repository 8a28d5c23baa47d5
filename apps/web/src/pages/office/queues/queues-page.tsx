import { api } from "@svara/contracts";
import { IconListCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Route, Switch, useLocation } from "wouter";
import { formatShare } from "../../../format/figures.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { FindingCount } from "../findings/finding-note.tsx";
import { QueueEditorPage } from "./queue-editor-page.tsx";
import { skillList } from "./queue-words.ts";
import { useNames } from "./use-names.ts";

/** Where contacts wait for agents with the right skills: the list, and each queue on a page of its own. */
export function QueuesPage() {
  return (
    <Switch>
      <Route path="/office/queues/:id" component={QueueEditorPage} />
      <Route component={QueueList} />
    </Switch>
  );
}

function QueueList() {
  const { t, i18n } = useTranslation();
  const [, go] = useLocation();
  const { nameOf } = useNames();
  return (
    <EntityPage
      kind="queue"
      routes={api.queues}
      edit="queues.edit"
      icon={IconListCheck}
      words={{
        title: t("office.queues"),
        description: t("queues.description"),
        create: t("queues.create"),
        emptyTitle: t("queues.empty_title"),
        emptyText: t("queues.empty_text"),
      }}
      nameOf={(queue) => queue.name}
      columns={[
        {
          label: t("queue_editor.needs"),
          render: (queue) =>
            queue.requiredSkills.length === 0
              ? t("queue_editor.needs_nothing")
              : skillList(queue.requiredSkills, { i18n, nameOf }),
        },
        { label: t("queues.priority"), end: true, render: (queue) => queue.priority },
        {
          label: t("floor.service_level"),
          end: true,
          render: (queue) =>
            `${formatShare(queue.serviceLevel.target, i18n.language)} / ${queue.serviceLevel.thresholdMs / 1000} s`,
        },
        {
          label: t("office.routing-check"),
          end: true,
          render: (queue) =>
            queue.warnings.length === 0 ? t("findings.none") : <FindingCount said={queue.warnings} />,
        },
      ]}
      openAt={(queue) => go(`/office/queues/${queue?.id ?? "new"}`)}
    />
  );
}
