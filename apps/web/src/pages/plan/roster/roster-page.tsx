import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Route, Switch, useLocation } from "wouter";
import { AdherencePage } from "./adherence-page.tsx";
import classes from "./roster.module.css";
import { RosterList } from "./roster-list.tsx";
import { RosterOne } from "./roster-one.tsx";
import { ApprovalRulesPage } from "./settings/approval-rules-page.tsx";
import { ContractsPage } from "./settings/contracts-page.tsx";
import { LabourRulesPage } from "./settings/labour-rules-page.tsx";
import { PatternsPage } from "./settings/patterns-page.tsx";
import { TermsPage } from "./settings/terms-page.tsx";

const PARTS = ["rosters", "adherence", "patterns", "contracts", "agents", "labour", "approval"] as const;

/** Rosters, how they are kept, and what they are made from. */
export function RosterPage() {
  const { t } = useTranslation();
  const [location, go] = useLocation();
  const current = PARTS.find((part) => location === pathOf(part)) ?? null;
  return (
    <>
      {current !== null && (
        <div className={classes.parts}>
          <SegmentedControl
            size="sm"
            value={current}
            onChange={(part) => go(pathOf(part as (typeof PARTS)[number]))}
            aria-label={t("plan.sections.roster")}
            data={PARTS.map((part) => ({ value: part, label: t(`plan.roster.parts.${part}`) }))}
          />
        </div>
      )}
      <Switch>
        <Route path="/plan/roster" component={RosterList} />
        <Route path="/plan/roster/adherence" component={AdherencePage} />
        <Route path="/plan/roster/patterns" component={PatternsPage} />
        <Route path="/plan/roster/contracts" component={ContractsPage} />
        <Route path="/plan/roster/agents" component={TermsPage} />
        <Route path="/plan/roster/labour" component={LabourRulesPage} />
        <Route path="/plan/roster/approval" component={ApprovalRulesPage} />
        <Route path="/plan/roster/:id">{({ id }) => <RosterOne key={id} id={id} />}</Route>
      </Switch>
    </>
  );
}

function pathOf(part: (typeof PARTS)[number]): string {
  return part === "rosters" ? "/plan/roster" : `/plan/roster/${part}`;
}
