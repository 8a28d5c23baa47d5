import { modals } from "@mantine/modals";
import { PasswordForm } from "./password-form.tsx";

/** Opens the form for the own password. */
export function openPasswordDialog(title: string): void {
  const id = modals.open({ title, children: <PasswordForm onDone={() => modals.close(id)} /> });
}
