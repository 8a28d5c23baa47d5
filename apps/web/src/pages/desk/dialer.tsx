import { ActionIcon, Button, Stack, TextInput } from "@mantine/core";
import type { DirectoryEntry } from "@svara/contracts";
import { IconBackspace, IconPhone } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../api/rights.ts";
import { dialString } from "../../format/phone-number.ts";
import { type CallerNumber, CallerNumberSelect } from "./caller-number.tsx";
import { DirectoryList } from "./directory-list.tsx";
import { DtmfPad } from "./dtmf-pad.tsx";
import type { CallTarget, DeskCommands } from "./use-desk-commands.ts";

/** Calls a number or a colleague: one field for both, keys below for the hand. */
export function Dialer({
  commands,
  disabled,
}: {
  readonly commands: DeskCommands;
  readonly disabled: boolean;
}) {
  const { t } = useTranslation();
  const mayDialOut = useMay("desk.dial_out");
  const [text, setText] = useState("");
  const [shown, setShown] = useState<CallerNumber>();
  const number = /^[+\d*#][\d\s().\-/*#]*$/.test(text.trim()) ? dialString(text) : "";
  const searching = text !== "" && number === "";

  async function dial(target: CallTarget): Promise<void> {
    if (await commands.dial("number" in target ? { ...target, ...shown } : target)) setText("");
  }
  return (
    <Stack gap="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (number !== "" && !disabled) void dial({ number });
        }}
      >
        <TextInput
          id="desk-dial"
          aria-label={t("desk.dial_label")}
          placeholder={t("desk.dial_label")}
          size="md"
          value={text}
          className="sv-num"
          onChange={(event) => setText(event.currentTarget.value)}
          rightSection={
            text === "" ? null : (
              <ActionIcon aria-label={t("desk.backspace")} onClick={() => setText(text.slice(0, -1))}>
                <IconBackspace size={18} />
              </ActionIcon>
            )
          }
          data-testid="dial-input"
        />
        {mayDialOut && <CallerNumberSelect value={shown} onChange={setShown} />}
        <Button
          type="submit"
          fullWidth
          mt="sm"
          leftSection={<IconPhone size={17} />}
          disabled={disabled || number.length < 2 || !mayDialOut}
          loading={commands.busy("dial")}
          data-testid="dial"
        >
          {t("desk.call")}
        </Button>
      </form>
      {searching ? null : <DtmfPad size="sm" onTone={(tone) => setText(text + tone)} />}
      <DirectoryList
        search={number === "" ? text : ""}
        height={searching ? 420 : 260}
        onPick={(entry) => {
          const target = targetOf(entry);
          if (!disabled && target) void dial(target);
        }}
      />
    </Stack>
  );
}

function targetOf(entry: DirectoryEntry): CallTarget | undefined {
  switch (entry.kind) {
    case "agent":
      return { agentId: entry.id };
    case "queue":
      return { queueId: entry.id };
    case "number":
      return { number: entry.number };
    case "entry_point":
      return undefined; // a goal of transfers only
  }
}
