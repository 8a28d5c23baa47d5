import { Route, Switch } from "wouter";
import { WhatIfCompare } from "./what-if-compare.tsx";
import { WhatIfList } from "./what-if-list.tsx";
import { WhatIfNew } from "./what-if-new.tsx";
import { WhatIfOne } from "./what-if-one.tsx";

/** Days simulated as they are and otherwise. */
export function WhatIfPage() {
  return (
    <Switch>
      <Route path="/plan/what-if/new">
        <WhatIfNew />
      </Route>
      <Route path="/plan/what-if/compare">
        <WhatIfCompare />
      </Route>
      <Route path="/plan/what-if/:id">{({ id }) => <WhatIfOne id={id} />}</Route>
      <Route>
        <WhatIfList />
      </Route>
    </Switch>
  );
}
