import { useTranslation } from "react-i18next";
import { useNow } from "../../../kit/use-now.ts";
import { systemReasonName } from "../../desk/presence-panel.tsx";
import { reasonName, useReasons } from "../../desk/reasons.ts";
import type { WaitWording } from "./reason-words.ts";

/** The reader's language and the present second, for sentences about a wait. */
export function useWaitWording(): WaitWording {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const reasons = useReasons();
  return {
    i18n,
    now,
    notReadyName(reason) {
      const found = reasons.find(({ id, code }) => id === reason || code === reason);
      return found ? reasonName(found, t) : systemReasonName(reason, t);
    },
  };
}
