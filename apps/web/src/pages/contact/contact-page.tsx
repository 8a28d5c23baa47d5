import { Anchor, Group, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { api, type ContactDetail } from "@svara/contracts";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useMay } from "../../api/rights.ts";
import { formatSpan } from "../../format/duration.ts";
import { formatFull } from "../../format/moment.ts";
import { formatPhone } from "../../format/phone-number.ts";
import { Pill } from "../../kit/agent-state.tsx";
import { Figure } from "../../kit/figure.tsx";
import { PageHeader } from "../../kit/page-header.tsx";
import { PhoneLink } from "../../kit/phone-link.tsx";
import { QueryProblem } from "../../kit/query-problem.tsx";
import { useServices } from "../../services.ts";
import { outcomeName, outcomeTone } from "../contacts/outcome.ts";
import classes from "./contact.module.css";
import { ContactWork } from "./contact-work.tsx";
import { EventList } from "./event-list.tsx";
import { LegTable } from "./leg-table.tsx";
import { RecordingPlayer } from "./recording-player.tsx";
import { SegmentBar } from "./segment-bar.tsx";
import { WhySection } from "./why/why-section.tsx";

/** One contact: who had the customer when, what was said, what was written down. */
export function ContactPage({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const contact = useQuery({
    queryKey: ["contacts", "one", id],
    queryFn: () => client.call(api.contacts.get, { params: { id } }),
    refetchInterval: (query) => (query.state.data?.endedAt === null ? 3_000 : false),
  });
  if (contact.isError) return <QueryProblem error={contact.error} onRetry={() => void contact.refetch()} />;
  if (contact.isPending) return <ContactSkeleton />;
  const detail = contact.data;
  return (
    <Stack gap="md" maw={1280} mx="auto">
      <Header detail={detail} />
      <section className={`sv-surface ${classes.block}`}>
        <Facts detail={detail} />
      </section>
      <section className={`sv-surface ${classes.block}`} aria-labelledby="contact-timeline">
        <Title order={2} id="contact-timeline" mb="sm">
          {t("contact.timeline")}
        </Title>
        <SegmentBar detail={detail} />
      </section>
      {detail.queueStays.length > 0 && (
        <section className={`sv-surface ${classes.block}`} aria-labelledby="contact-why">
          <Title order={2} id="contact-why" mb="sm">
            {t("why.title")}
          </Title>
          <WhySection detail={detail} />
        </section>
      )}
      {detail.recordings.length > 0 && (
        <section className={`sv-surface ${classes.block}`} aria-labelledby="contact-recording">
          <Title order={2} id="contact-recording" mb="sm">
            {t("contact.recording")}
          </Title>
          <Stack gap="lg">
            {detail.recordings.map((recording) => (
              <RecordingPlayer key={recording.id} recording={recording} may={detail.may} />
            ))}
          </Stack>
        </section>
      )}
      {detail.legs.length > 0 && (
        <section className={`sv-surface ${classes.block}`} aria-labelledby="contact-legs">
          <Title order={2} id="contact-legs" mb="sm">
            {t("legs.title")}
          </Title>
          <LegTable legs={detail.legs} />
        </section>
      )}
      <div className={classes.columns}>
        <section className={`sv-surface ${classes.block}`} aria-labelledby="contact-work">
          <Title order={2} id="contact-work" mb="sm">
            {t("contact.work")}
          </Title>
          <ContactWork detail={detail} />
        </section>
        <section className={`sv-surface ${classes.block}`} aria-labelledby="contact-events">
          <Title order={2} id="contact-events" mb="sm">
            {t("contact.events")}
          </Title>
          <EventList detail={detail} />
        </section>
      </div>
    </Stack>
  );
}

function Header({ detail }: { readonly detail: ContactDetail }) {
  const { t, i18n } = useTranslation();
  const number = detail.remoteNumber === null ? t("desk.withheld") : formatPhone(detail.remoteNumber);
  return (
    <PageHeader
      before={
        <Anchor component={Link} href="/contacts" size="sm" mb={4}>
          <Group gap={4} component="span">
            <IconArrowLeft size={15} aria-hidden="true" /> {t("shell.contacts")}
          </Group>
        </Anchor>
      }
      title={
        <Group gap="sm" component="span" style={{ display: "inline-flex" }}>
          <CustomerLink detail={detail}>{detail.customer?.name ?? number}</CustomerLink>
          <Pill tone={outcomeTone(detail.outcome)}>{outcomeName(detail.outcome, t)}</Pill>
        </Group>
      }
      description={`${t(`direction.${detail.direction}`)} · ${t("desk.contact_no", { number: detail.shortNumber })} · ${formatFull(detail.startedAt, i18n.language)}`}
    />
  );
}

/** The customer's name leads to the customer, for those who may see customers. */
function CustomerLink(props: { readonly detail: ContactDetail; readonly children: string }) {
  const may = useMay("customers.view");
  const { customer } = props.detail;
  if (!may || customer === null) return props.children;
  return (
    <Anchor component={Link} href={`/customers?open=${customer.id}`} inherit c="inherit">
      {props.children}
    </Anchor>
  );
}

function Facts({ detail }: { readonly detail: ContactDetail }) {
  const { t, i18n } = useTranslation();
  const span = (ms: number | null): string => (ms === null ? "–" : formatSpan(ms, i18n.language));
  return (
    <>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="md">
        <Figure
          label={t("fields.number")}
          value={
            detail.remoteNumber === null ? t("desk.withheld") : <PhoneLink number={detail.remoteNumber} />
          }
        />
        <Figure
          label={t("contact.called_number")}
          value={detail.localNumber === null ? "–" : formatPhone(detail.localNumber)}
        />
        <Figure label={t("fields.queue")} value={detail.queue?.name ?? "–"} />
        <Figure label={t("fields.agent")} value={detail.agent?.name ?? "–"} />
        <Figure label={t("fields.wait")} value={span(detail.waitMs)} />
        <Figure label={t("fields.talk")} value={span(detail.talkMs)} />
      </SimpleGrid>
      {(detail.linkedTo !== null || detail.linked.length > 0) && (
        <Text size="sm" mt="md" c="dimmed">
          {t("contact.linked")}{" "}
          {[detail.linkedTo, ...detail.linked].flatMap((id, index) =>
            id === null
              ? []
              : [
                  <Anchor key={id} component={Link} href={`/contacts/${id}`} mr="xs">
                    {t("contact.linked_item", { number: index + 1 })}
                  </Anchor>,
                ],
          )}
        </Text>
      )}
    </>
  );
}

function ContactSkeleton() {
  return (
    <Stack gap="md" maw={1280} mx="auto" aria-busy="true">
      <Skeleton height={64} width={320} />
      <Skeleton height={84} radius="lg" />
      <Skeleton height={150} radius="lg" />
      <Skeleton height={220} radius="lg" />
    </Stack>
  );
}
