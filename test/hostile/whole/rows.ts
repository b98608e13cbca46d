/** Rows of a Jambonz account: those that a stack would take for its own, and others. */

export const ROW_SID = "00000000-0000-4000-8000-000000000001";
const sid = (last: number) => `00000000-0000-4000-8000-00000000000${last}`;

/** @param texts for what others may have written */
export function rowsOf(texts: Iterator<string>): Record<string, object[]> {
  const text = () => texts.next().value as string;
  const carrier = { voip_carrier_sid: ROW_SID };
  return {
    Accounts: [{ account_sid: sid(9), name: text() }],
    Applications: [
      { application_sid: sid(2), name: "trunkline-dev", account_sid: "", call_hook: { url: text() } },
      { application_sid: sid(3), name: text(), account_sid: "", notes: text() },
    ],
    VoipCarriers: [
      { ...carrier, name: "Schmidtkom", account_sid: "" },
      { voip_carrier_sid: sid(4), name: `acceptance-${text()}`, account_sid: "", application_sid: sid(2) },
    ],
    PhoneNumbers: [
      { phone_number_sid: sid(5), number: text(), ...carrier, account_sid: "" },
      { phone_number_sid: sid(6), number: text(), voip_carrier_sid: sid(4), account_sid: "" },
    ],
    SipGateways: [{ sip_gateway_sid: sid(7), ipv4: text(), port: 5060, ...carrier, outbound: true }],
  };
}
