import { SecureRandom, SystemClock } from "@svara/kernel";
import type { LocalCertificate } from "@svara/server";
import type { Command } from "../command.ts";
import { loadServer } from "../server-door.ts";

export const tls: Command = {
  name: "tls",
  summary: "make a certificate for this machine, so that others on its network get HTTPS",
  usage: "[name or address ...] [options]",
  details:
    "It names localhost, this machine's host name and its addresses, and what you add. It is signed by an authority of your own,\nwhich the other machines are told to trust once. The server uses it from its next start.",
  options: {
    "new-authority": {
      type: "boolean",
      summary: "make a new authority too, which others have to trust anew",
    },
  },
  words: { min: 0, max: 50 },
  async run({ words, options, json }, terminal) {
    const { localNames, makeCertificate, readSettings } = await loadServer();
    const made = makeCertificate(
      {
        dataDir: readSettings(terminal.env).dataDir,
        names: localNames(words),
        renewAuthority: options["new-authority"] === true,
      },
      { clock: new SystemClock(), random: new SecureRandom() },
    );
    terminal.out(json ? `${JSON.stringify({ ...made, validUntil: day(made) })}\n` : explain(made));
    return 0;
  },
};

function explain(made: LocalCertificate): string {
  const trust = made.authorityIsNew
    ? [
        "",
        `On the other machines import the authority ${made.authorityPath} once:`,
        "  Windows  certutil -addstore -user Root ca.pem",
        "  macOS    security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db ca.pem",
        "  Linux    the browser's settings: certificates, authorities, import",
        `Keep ${made.authorityPath.replace(/ca\.pem$/, "ca-key.pem")} to yourself: who has it can pretend to be any site to them.`,
      ]
    : [`The authority ${made.authorityPath} is the one of before: those who trust it need do nothing.`];
  return [
    `Certificate for ${[...made.names.dns, ...made.names.ip].join(", ")}`,
    `until ${day(made)} in ${made.certPath}`,
    ...trust,
    "",
    "The server uses it from its next start.",
    "",
  ].join("\n");
}

function day({ validUntil }: LocalCertificate): string {
  return new Date(validUntil).toISOString().slice(0, 10);
}
