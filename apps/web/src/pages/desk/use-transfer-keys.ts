import { useHotkeys } from "@mantine/hooks";

/** Enter in the transfer dialog asks first; with Ctrl it gives the call away at once. */
export function useTransferKeys(on: { readonly blind: () => void; readonly consult: () => void }): void {
  useHotkeys(
    [
      ["mod+Enter", on.blind],
      ["alt+Enter", on.consult],
    ],
    [],
  );
}
