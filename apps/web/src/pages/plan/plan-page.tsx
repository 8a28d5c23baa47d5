import { Center, Loader, ScrollArea, Tabs } from "@mantine/core";
import { Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { mayIn } from "../../api/rights.ts";
import { useSession } from "../../services.ts";
import classes from "./plan.module.css";
import { PLAN_SECTIONS, type PlanSection } from "./plan-sections.ts";

/** The Plan room: its pages as tabs, each under an address of its own. */
export function PlanPage() {
  const { t } = useTranslation();
  const session = useSession();
  const [location, go] = useLocation();
  const sections = PLAN_SECTIONS.filter(
    ({ key, view }) => mayIn(session, view) && (key !== "my-schedule" || session.user.isAgent),
  );
  const current = sections.find(
    (section) => location === pathOf(section) || location.startsWith(`${pathOf(section)}/`),
  );
  const list = useRef<HTMLDivElement>(null);
  const key = current?.key;
  useEffect(() => {
    const chosen = key && list.current?.querySelector("[role=tab][aria-selected=true]");
    if (chosen) chosen.scrollIntoView({ block: "nearest", inline: "center" });
  }, [key]);
  const first = sections[0];
  if (!first) return null;
  return (
    <div className={classes.plan}>
      <ScrollArea type="never" className={classes.tabs}>
        <Tabs value={current?.key ?? null} onChange={(key) => go(`/plan/${key}`)}>
          <Tabs.List
            ref={list}
            aria-label={t("shell.plan")}
            style={{ flexWrap: "nowrap", width: "max-content", minWidth: "100%" }}
          >
            {sections.map(({ key, icon: SectionIcon }) => (
              <Tabs.Tab
                key={key}
                value={key}
                leftSection={<SectionIcon size={16} stroke={1.7} aria-hidden="true" />}
              >
                {t(`plan.sections.${key}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
      </ScrollArea>
      <Suspense
        fallback={
          <Center mih={300}>
            <Loader type="dots" aria-label={t("common.loading")} />
          </Center>
        }
      >
        <Switch>
          {sections.map((section) => (
            <Route key={section.key} path={`${pathOf(section)}/*?`} component={section.page} />
          ))}
          <Route>
            <Redirect to={pathOf(first)} replace />
          </Route>
        </Switch>
      </Suspense>
    </div>
  );
}

function pathOf(section: PlanSection): string {
  return `/plan/${section.key}`;
}
