import { Alert, Button, Code, Group, Text } from "@mantine/core";
import { api } from "@svara/contracts";
import {
  type Icon,
  IconDeviceDesktop,
  IconLock,
  IconMicrophoneOff,
  IconPlugConnectedX,
  IconVolumeOff,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Desk } from "../../desk/desk-provider.tsx";
import { useNow } from "../../kit/use-now.ts";
import { useServices } from "../../services.ts";

/** A registration that takes longer than this is worth telling. */
const PATIENCE_MS = 4_000;

/** Why no call can come to this browser now, and what to do about it. Nothing when all is well. */
export function PhoneBanner({ desk }: { readonly desk: Desk }) {
  const { t } = useTranslation();
  const now = useNow();
  const { phone, softphone } = desk;
  const callInHand =
    desk.view.data?.contacts.some(({ state }) => state !== "offered" && state !== "wrap_up") ?? false;
  switch (phone.state.kind) {
    case "insecure":
      return <InsecureBanner />;
    case "elsewhere":
      return (
        <Banner
          icon={IconDeviceDesktop}
          tone="held"
          title={t("phone.elsewhere_title")}
          text={t("phone.elsewhere_text")}
          action={
            <Button size="xs" onClick={() => softphone?.takeOver()} data-testid="take-over">
              {t("phone.take_over")}
            </Button>
          }
        />
      );
    case "no_microphone":
      return (
        <Banner
          icon={IconMicrophoneOff}
          tone="trouble"
          title={t(`phone.microphone_${phone.state.trouble}_title`)}
          text={t(`phone.microphone_${phone.state.trouble}_text`)}
          action={
            <Button size="xs" variant="default" onClick={() => softphone?.retry()}>
              {t("common.try_again")}
            </Button>
          }
        />
      );
    case "connecting":
      if (!callInHand && now - phone.state.since < PATIENCE_MS) return null;
      return (
        <Banner
          icon={IconPlugConnectedX}
          tone="ringing"
          title={
            phone.state.refused
              ? t("phone.refused_title")
              : t(callInHand ? "phone.reconnecting_title" : "phone.connecting_title")
          }
          text={phone.state.refused ? t("phone.refused_text") : t("phone.connecting_text")}
          action={
            <Button size="xs" variant="default" onClick={() => softphone?.retry()}>
              {t("common.try_again")}
            </Button>
          }
        />
      );
    default:
      return desk.soundBlocked ? (
        <Banner
          icon={IconVolumeOff}
          tone="held"
          title={t("phone.sound_title")}
          text={t("phone.sound_text")}
        />
      ) : null;
  }
}

function InsecureBanner() {
  const { t } = useTranslation();
  const { client } = useServices();
  const about = useQuery({ queryKey: ["about"], queryFn: () => client.call(api.system.about, {}) });
  const httpsUrl = about.data?.httpsUrl;
  return (
    <Banner
      icon={IconLock}
      tone="trouble"
      title={t("phone.insecure_title")}
      text={
        <>
          {t("phone.insecure_text")} <Code>npx svara tls</Code> {t("phone.insecure_then")}
        </>
      }
      action={
        httpsUrl ? (
          <Button size="xs" component="a" href={httpsUrl}>
            {t("phone.open_https")}
          </Button>
        ) : null
      }
    />
  );
}

function Banner(props: {
  readonly icon: Icon;
  readonly tone: "trouble" | "ringing" | "held";
  readonly title: string;
  readonly text: ReactNode;
  readonly action?: ReactNode;
}) {
  const color = `var(--sv-state-${props.tone})`;
  return (
    <Alert
      role="alert"
      icon={<props.icon size={20} />}
      title={props.title}
      styles={{
        root: { background: `var(--sv-state-${props.tone}-soft)`, border: "none" },
        title: { color },
        icon: { color },
      }}
    >
      <Group justify="space-between" gap="md" align="center">
        <Text size="sm" style={{ flex: "1 1 20rem" }}>
          {props.text}
        </Text>
        {props.action}
      </Group>
    </Alert>
  );
}
