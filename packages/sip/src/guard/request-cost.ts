/** What a message that opens nothing new costs against one that does: a dialog's owner is known, as a rule. */
const WITHIN_DIALOG = 0.1;

/**
 * What a message weighs in the flood guard, read from its first octets: nothing for a response, which is counted
 * apart; little for what belongs to a dialog or ends one; one for all else.
 */
export function costOf(bytes: Uint8Array): number {
  switch (bytes[0]) {
    case 83: // S: "SIP/2.0 ", else SUBSCRIBE
      return bytes[1] === 73 ? 0 : 1;
    case 65: // ACK
    case 66: // BYE
    case 67: // CANCEL
    case 85: // UPDATE
      return WITHIN_DIALOG;
    case 80: // PRACK, else PUBLISH
      return bytes[1] === 82 ? WITHIN_DIALOG : 1;
    case 73: // INFO, else INVITE
      return bytes[2] === 70 ? WITHIN_DIALOG : 1;
    default:
      return 1;
  }
}
