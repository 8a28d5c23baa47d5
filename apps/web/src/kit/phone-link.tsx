import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { notifyDone } from "../api/notify.tsx";
import { useMay } from "../api/rights.ts";
import { useDesk } from "../desk/desk-provider.tsx";
import { formatPhone } from "../format/phone-number.ts";
import { useDeskCommands } from "../pages/desk/use-desk-commands.ts";

/**
 * A number that is called by a click: through the own desk while one is at work there with nothing in hand, else by whatever
 * the device takes `tel:` links with.
 */
export function PhoneLink({ number, children }: { readonly number: string; readonly children?: string }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const commands = useDeskCommands();
  const mayDialOut = useMay("desk.dial_out");
  const [, go] = useLocation();
  const state = desk?.view.data;
  const free =
    state !== undefined &&
    state.agent.state !== "logged_out" &&
    state.contacts.every((contact) => contact.state === "wrap_up");
  const throughDesk = free && mayDialOut;
  const text = children ?? formatPhone(number);
  return (
    <Anchor
      href={`tel:${number}`}
      inherit
      className="sv-num"
      title={throughDesk ? t("calling.click_to_call", { number: formatPhone(number) }) : undefined}
      onClick={(event) => {
        event.stopPropagation();
        if (!throughDesk) return;
        event.preventDefault();
        go("/desk");
        void commands.dial({ number }).then((done) => {
          if (done) notifyDone(t("calling.dialling", { number: formatPhone(number) }));
        });
      }}
      data-testid="phone-link"
    >
      {text}
    </Anchor>
  );
}
