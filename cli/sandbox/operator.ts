import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Account } from "../../sandbox/jambonz/account.ts";
import { addApplication, addGateway, addNumber } from "../../sandbox/jambonz/account-rows.ts";

/** Somebody a caller can be transferred to, at the phone carrier of the sandbox. */
export const OPERATOR = "+4989300777";

/** The operator's voice: a tone that nothing else in the sandbox makes. The operator hangs up after it. */
const VOICE = [{ verb: "play", url: "tone_stream://%(2000,0,1100)" }];

/**
 * Puts the operator behind the declared phone carrier; what is declared stays as it is.
 * @returns how to take the operator away: before anything is destroyed, as a carrier with numbers stays
 */
export async function addOperator(
  account: Account,
  carrierName: string,
  sbcPort: number,
): Promise<() => Promise<void>> {
  const carrier = account.voip_carriers.find(({ name }) => name === carrierName);
  if (carrier === undefined) throw new Error(`the sandbox's account has no carrier "${carrierName}"`);
  const server = await answering(VOICE);
  const { port } = server.address() as AddressInfo;
  const rows = {
    applications: account.applications.length,
    sip_gateways: account.sip_gateways.length,
    phone_numbers: account.phone_numbers.length,
  };
  const application = addApplication(account, "operator", `http://127.0.0.1:${port}/operator`);
  addGateway(account, carrier, { port: sbcPort, inbound: 0, outbound: 1 });
  addNumber(account, carrier, OPERATOR.slice(1), application);
  return async () => {
    account.applications.splice(rows.applications, 1);
    account.sip_gateways.splice(rows.sip_gateways, 1);
    account.phone_numbers.splice(rows.phone_numbers, 1);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}

/** Answers every webhook with these verbs. */
async function answering(verbs: object[]): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(verbs));
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return server;
}
