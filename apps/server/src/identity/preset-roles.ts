import { PRESET_ROLES, type PresetRole } from "@svara/contracts";
import type { Ids } from "@svara/kernel";
import type { Tx } from "../database/index.ts";

/** The roles that come with Svara, with the permissions of this version of the program. */
export async function keepPresetRoles(tx: Tx, ids: Ids): Promise<void> {
  for (const [preset, permissions] of Object.entries(PRESET_ROLES) as [PresetRole, readonly string[]][])
    await tx
      .insertInto("role")
      .values({ id: ids.next(), preset, name: null, permissions: [...permissions] })
      .onConflict((conflict) =>
        conflict.column("preset").doUpdateSet({ permissions: [...permissions], archived: false }),
      )
      .execute();
}
