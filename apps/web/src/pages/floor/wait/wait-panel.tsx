import { Anchor, Button, Group, List, Skeleton, Stack, Text, Title, Tooltip } from "@mantine/core";
import { api, type WaitExplained } from "@svara/contracts";
import { IconHandGrab, IconMoodSmile } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { notifyDone } from "../../../api/notify.tsx";
import { useMay } from "../../../api/rights.ts";
import { formatClock } from "../../../format/duration.ts";
import { Empty } from "../../../kit/empty.tsx";
import { Figure } from "../../../kit/figure.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices, useSession } from "../../../services.ts";
import { AgentsByReason } from "./agents-by-reason.tsx";
import type { WaitWording } from "./reason-words.ts";
import { useStepChanges } from "./use-step-changes.ts";
import { useWait } from "./use-wait.ts";
import { useWaitWording } from "./use-wait-wording.ts";
import classes from "./wait.module.css";
import { comingEvents, demandSentences, estimateText, verdictSentences } from "./wait-sentences.ts";
import { verdictOf } from "./wait-verdict.ts";
import { WhyNotAgent } from "./why-not-agent.tsx";

/** Why a contact waits this second, what comes next for it, and why no agent has it; reads itself again while open. */
export function WaitPanel({ contactId }: { readonly contactId: string }) {
  const { t } = useTranslation();
  const wording = useWaitWording();
  const { wait, gone, error, retry } = useWait(contactId);
  if (error !== undefined && !wait) return <QueryProblem error={error} onRetry={retry} />;
  if (gone) return <Gone contactId={contactId} />;
  if (!wait) return <Skeleton height={320} aria-busy="true" />;
  return (
    <Stack gap="lg" data-testid="wait-panel">
      <div className={classes.verdict} data-kind={verdictOf(wait).kind} aria-live="polite">
        {verdictSentences(wait, wording).map((sentence) => (
          <Text key={sentence} size="sm" fw="inherit">
            {sentence}
          </Text>
        ))}
      </div>
      <Facts wait={wait} wording={wording} />
      <Block title={t("wait.asks")}>
        <List size="sm" spacing={2}>
          {demandSentences(wait, wording).map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
      </Block>
      <Block title={t("wait.next")}>
        <Coming wait={wait} wording={wording} />
      </Block>
      <Block title={t("wait.agents")} hint={t("wait.agents_hint")}>
        <AgentsByReason agents={wait.agents} wording={wording} />
      </Block>
      <WhyNotAgent contactId={contactId} wording={wording} />
      <Group justify="space-between">
        <Anchor component={Link} href={`/contacts/${contactId}`} size="sm">
          {t("wait.open_contact")}
        </Anchor>
        {wait.state === "waiting" && <TakeButton contactId={contactId} />}
      </Group>
    </Stack>
  );
}

function Facts({ wait, wording }: { readonly wait: WaitExplained; readonly wording: WaitWording }) {
  const { t } = useTranslation();
  const { estimate } = wait;
  const { short, long } = estimateText(wait.state === "dormant" ? null : estimate, wording);
  return (
    <div>
      <div className={classes.facts}>
        <Figure label={t("wait.place")} value={estimate === null ? "–" : estimate.position} />
        <Figure label={t("wait.waited")} value={formatClock(wording.now - wait.enteredAt)} />
        <Figure
          label={t("wait.expected")}
          value={
            <Tooltip label={long} multiline maw={300}>
              <span>{short}</span>
            </Tooltip>
          }
        />
        <Figure label={t("wait.priority")} value={wait.priority} />
      </div>
      {wait.state === "waiting" && (
        <Text size="xs" c="dimmed" mt={6}>
          {long}
        </Text>
      )}
    </div>
  );
}

function Coming({ wait, wording }: { readonly wait: WaitExplained; readonly wording: WaitWording }) {
  const { t } = useTranslation();
  const stepChanges = useStepChanges(wait.queue.id);
  const events = comingEvents(wait, wording, stepChanges);
  if (events.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("wait.next_nothing")}
      </Text>
    );
  }
  return (
    <dl className={classes.next}>
      {events.map((event) => (
        <div key={event.key} style={{ display: "contents" }}>
          <Text component="dt" size="sm" className="sv-num">
            {event.when}
          </Text>
          <Text component="dd" size="sm">
            {event.text}
          </Text>
        </div>
      ))}
    </dl>
  );
}

/** For those who may pick and have a desk of their own. */
function TakeButton({ contactId }: { readonly contactId: string }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const { user } = useSession();
  const may = useMay("desk.pick") && user.isAgent;
  const pick = useMutation({
    mutationFn: () => client.call(api.desk.pick, { body: { contactId } }),
    onSuccess: () => notifyDone(t("wait.taken")),
  });
  if (!may) return null;
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconHandGrab size={16} />}
      loading={pick.isPending}
      onClick={() => pick.mutate()}
    >
      {t("wait.take")}
    </Button>
  );
}

function Gone({ contactId }: { readonly contactId: string }) {
  const { t } = useTranslation();
  return (
    <Empty
      compact
      icon={IconMoodSmile}
      title={t("wait.gone_title")}
      text={t("wait.gone_text")}
      action={
        <Button component={Link} href={`/contacts/${contactId}`} variant="default">
          {t("wait.open_contact")}
        </Button>
      }
    />
  );
}

function Block(props: { readonly title: string; readonly hint?: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Title order={3} id={id} mb={4}>
        {props.title}
      </Title>
      {props.hint !== undefined && (
        <Text size="xs" c="dimmed" mb={6}>
          {props.hint}
        </Text>
      )}
      {props.children}
    </section>
  );
}
