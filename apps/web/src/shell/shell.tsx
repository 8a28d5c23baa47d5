import { Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { LogoMark } from "../brand/logo.tsx";
import { DeskProvider } from "../desk/desk-provider.tsx";
import { useLink } from "../live/use-topic.ts";
import { MonitorBar } from "../monitor/monitor-bar.tsx";
import { useSession } from "../services.ts";
import { AccountMenu } from "./account-menu.tsx";
import { CallStrip } from "./call-strip.tsx";
import { isIn, roomsOf } from "./navigation.ts";
import classes from "./shell.module.css";
import { useConfigurationWatch } from "./use-configuration-watch.ts";

/** The frame around every room: a rail at the side, on phones a bar below. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const session = useSession();
  const [location] = useLocation();
  const rooms = roomsOf(session);
  useConfigurationWatch();
  const hasDesk = rooms.some((room) => room.key === "desk");
  const frame = (
    <div className={classes.frame}>
      <a className="sv-skip" href="#main">
        {t("shell.skip")}
      </a>
      <nav className={classes.rail} aria-label={t("shell.rooms")}>
        <Link href="/" className={classes.logo} aria-label={session.centre.name}>
          <LogoMark size={34} />
        </Link>
        {rooms.map((room) => {
          const active = isIn(room, location);
          return (
            <Link
              key={room.key}
              href={room.path}
              className={classes.room}
              data-active={active || undefined}
              aria-current={active ? "page" : undefined}
            >
              <room.icon size={22} stroke={1.7} aria-hidden="true" />
              <span>{t(`shell.${room.key}`)}</span>
            </Link>
          );
        })}
        <div className={classes.account}>
          <AccountMenu />
        </div>
      </nav>
      <div className={classes.column}>
        <ConnectionBanner />
        <MonitorBar />
        {hasDesk && <CallStrip />}
        <main id="main" className={classes.main} tabIndex={-1}>
          {children}
        </main>
      </div>
    </div>
  );
  return hasDesk ? <DeskProvider>{frame}</DeskProvider> : frame;
}

/** Told only when the connection is lost; the page keeps the last that it knew. */
function ConnectionBanner() {
  const { t } = useTranslation();
  const link = useLink();
  if (link !== "waiting") return null;
  return (
    <div className={classes.offline} role="status">
      <IconPlugConnectedX size={18} aria-hidden="true" />
      <Text size="sm" fw={560}>
        {t("shell.offline")}
      </Text>
    </div>
  );
}
