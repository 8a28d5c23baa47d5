import { Anchor, Skeleton, Stack, Text, Title } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconChecklist, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { FindingCount, FindingNote } from "../findings/finding-note.tsx";
import { sayFinding } from "../findings/finding-words.ts";
import { sectionOf } from "../queues/queue-draft.ts";
import { findingGroups, findingHref } from "./finding-link.ts";

/** What is wrong or doubtful in the routing of the whole centre, each with the way to where it is mended. */
export function RoutingCheckPage() {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const check = useQuery({
    queryKey: ["config", "routing-check"],
    queryFn: () => client.call(api.routing.check, {}),
  });
  const findings = check.data?.findings ?? [];
  return (
    <Stack gap="md">
      <PageHeader
        title={t("office.routing-check")}
        description={t("routing_check.description")}
        actions={<FindingCount said={findings} />}
      />
      {check.isError && <QueryProblem error={check.error} onRetry={() => void check.refetch()} />}
      {check.isPending && <Skeleton height={240} radius="lg" />}
      {check.isSuccess && findings.length === 0 && (
        <div className="sv-surface">
          <Empty
            icon={IconChecklist}
            title={t("routing_check.empty_title")}
            text={t("routing_check.empty_text")}
          />
        </div>
      )}
      {findingGroups(findings).map((group) => {
        const name = group.subject.name ?? t(`routing_check.${group.subject.kind}`);
        return (
          <section
            key={`${group.subject.kind} ${group.subject.id}`}
            className="sv-surface"
            style={{ padding: "1rem" }}
            aria-label={name}
          >
            <Title order={2} mb="sm">
              {name}
            </Title>
            <Stack gap="sm">
              {group.findings.map((finding) => {
                const place = t(`queue_editor.${sectionOf(finding.field)}`);
                return (
                  <Stack key={`${finding.code} ${finding.field} ${finding.message}`} gap={4}>
                    <FindingNote said={sayFinding(finding, i18n)} />
                    <Anchor
                      component={Link}
                      href={findingHref(finding)}
                      size="sm"
                      style={{ display: "inline-flex", alignItems: "center", alignSelf: "flex-start" }}
                    >
                      <Text span inherit>
                        {finding.subject.kind === "queue"
                          ? t("routing_check.open_at", { place })
                          : t("routing_check.open")}
                      </Text>
                      <IconChevronRight size={15} aria-hidden="true" />
                    </Anchor>
                  </Stack>
                );
              })}
            </Stack>
          </section>
        );
      })}
    </Stack>
  );
}
