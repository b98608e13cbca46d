import { isIPv4 } from "node:net";
import {
  type Answer,
  badRequest,
  created,
  forbidden,
  NO_CONTENT,
  type Request,
  type Row,
  TEXT_NOT_FOUND,
} from "./answer.ts";
import { type Context, remove, rowsOf } from "./context.ts";
import { flag, insert, select, sid, type Table, update } from "./table.ts";

const sipGateways: Table = {
  name: "sip_gateways",
  key: "sip_gateway_sid",
  columns: {
    ipv4: { longest: 128, notNull: true },
    netmask: { default: 32, notNull: true },
    port: {},
    inbound: { isFlag: true, notNull: true },
    outbound: { isFlag: true, notNull: true },
    voip_carrier_sid: { ...sid, notNull: true },
    is_active: flag(1),
    send_options_ping: flag(0),
    use_sips_scheme: flag(0),
    pad_crypto: flag(0),
    protocol: { oneOf: ["udp", "tcp", "tls", "tls/srtp"], default: "udp" },
    remove_ice: flag(0),
    dtls_off: flag(0),
  },
};

/** `/SipGateways` (read: api-server lib/routes/api/sip-gateways.js) (seen live: jambonz-live, section 1). */
export function sipGatewayRoutes(context: Context, request: Request): Answer {
  const [, id] = request.path;
  if (id === undefined) return request.method === "POST" ? add(context, request) : list(context, request);
  const row = find(context, id);
  if (request.method === "GET") return row ? { status: 200, body: select(sipGateways, row) } : TEXT_NOT_FOUND;
  if (row === undefined) throw badRequest("invalid sip_gateway_sid");
  requireReach(context, request, row.voip_carrier_sid);
  if (request.method === "PUT") return put(request, row);
  remove(rowsOf(context.account, "sip_gateways"), row);
  return NO_CONTENT;
}

function list(context: Context, request: Request): Answer {
  const carrier = request.query.get("voip_carrier_sid");
  requireReach(context, request, carrier);
  const rows = rowsOf(context.account, "sip_gateways").filter((row) => row.voip_carrier_sid === carrier);
  return { status: 200, body: rows.map((row) => select(sipGateways, row)) };
}

function add(context: Context, request: Request): Answer {
  const { body } = request;
  if (!body.voip_carrier_sid) throw badRequest("missing voip_carrier_sid");
  checkAddress(body);
  requireReach(context, request, body.voip_carrier_sid);
  return created(insert(sipGateways, rowsOf(context.account, "sip_gateways"), body));
}

/** The address is judged by the body alone: a PUT with `inbound` but without `ipv4` is refused (read: api-server lib/routes/api/sip-gateways.js). */
function put({ body }: Request, row: Row): Answer {
  checkAddress(body);
  return update(sipGateways, row, body) ? NO_CONTENT : TEXT_NOT_FOUND;
}

function checkAddress({ ipv4, inbound, outbound, netmask }: Row): void {
  if (/\s/.test(String(ipv4))) throw badRequest("Gateway must not contain whitespace");
  if (inbound && !isIPv4(String(ipv4))) throw badRequest("Inbound gateway must be IPv4 address");
  if (!inbound && outbound && netmask && Number(netmask) !== 32)
    throw badRequest("For outbound only gateway netmask can only be 32");
}

function requireReach({ account }: Context, { scope, method }: Request, carrierSid: unknown): void {
  if (!carrierSid) throw badRequest("missing voip_carrier_sid");
  if (scope === "admin") return;
  const carrier = account.voip_carriers.find((row) => row.voip_carrier_sid === carrierSid);
  if (carrier === undefined) throw badRequest("invalid voip_carrier_sid");
  const isShared = !carrier.account_sid && method === "GET";
  if (!isShared && carrier.account_sid !== account.account_sid) throw forbidden("insufficient privileges");
}

function find({ account }: Context, id: string): Row | undefined {
  return rowsOf(account, "sip_gateways").find((row) => row.sip_gateway_sid === id);
}
