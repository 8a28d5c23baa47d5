import { Route, Switch } from "wouter";
import { RequirementPage } from "./requirement-page.tsx";
import { StaffingOverview } from "./staffing-overview.tsx";

/** How many agents it takes: requirements of forecasts, and calculators to try things out. */
export function StaffingPage() {
  return (
    <Switch>
      <Route path="/plan/staffing/:id">{({ id }) => <RequirementPage key={id} id={id} />}</Route>
      <Route>
        <StaffingOverview />
      </Route>
    </Switch>
  );
}
