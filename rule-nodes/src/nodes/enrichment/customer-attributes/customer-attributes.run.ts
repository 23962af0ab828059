import type { EntityRef, Json, RuleMessage } from '../../../language/rule-message.js';
import { parseTemplate } from '../../../language/template.js';
import { implementBatch } from '../../../node/implement-node.js';
import { failed, success, type Outcome } from '../../../node/outcome.js';
import type { KeyValue } from '../../../node/ports.js';
import { DATA_NOT_AN_OBJECT, withFetched, type FetchTo } from '../fetch-to.js';
import { customerAttributesNode } from './customer-attributes.descriptor.js';

/** What is asked for one message: source key to target key. */
interface Request {
  readonly message: RuleMessage;
  readonly customer: EntityRef | null;
  readonly mapping: readonly (readonly [string, string])[];
}

export const customerAttributesRun = implementBatch(customerAttributesNode, ({ dataMapping, dataToFetch, fetchTo }) => {
  const mapping = Object.entries(dataMapping).map(([from, to]) => [parseTemplate(from), parseTemplate(to)] as const);
  return async (messages, { attributes, timeseries }) => {
    const requests = messages.map((message): Request => ({
      message,
      customer: customerOf(message),
      mapping: mapping.map(([from, to]) => [from(message), to(message)]),
    }));
    const calls = requests.flatMap(({ customer: entity, mapping: each }) =>
      entity ? [{ entity, keys: each.map(([from]) => from) }] : [],
    );
    const answers =
      dataToFetch === 'ATTRIBUTES'
        ? await attributes.read(calls.map((call) => ({ ...call, scope: 'SERVER_SCOPE' as const })))
        : await timeseries.latest(calls);
    return outcomes(requests, answers, fetchTo);
  };
});

function customerOf({ originator, customerId }: RuleMessage): EntityRef | null {
  if (originator.entityType === 'CUSTOMER') return originator;
  return customerId === null ? null : { entityType: 'CUSTOMER', id: customerId };
}

/** Answers stand in the order of the requests that have a customer. */
function outcomes(
  requests: readonly Request[],
  answers: readonly (readonly KeyValue[])[],
  fetchTo: FetchTo,
): Outcome[] {
  const rest = answers[Symbol.iterator]();
  return requests.map((request) => {
    if (!request.customer) return failed(request.message, 'no-customer', 'Originator is not assigned to any customer');
    const found = addedBy(request, rest.next().value ?? []);
    const message = withFetched(request.message, fetchTo, found);
    return message ? success(message) : failed(request.message, 'message-data', DATA_NOT_AN_OBJECT);
  });
}

function addedBy({ mapping }: Request, values: readonly KeyValue[]): [string, Json][] {
  const byKey = new Map(values.map(({ key, value }) => [key, value]));
  return mapping.flatMap(([from, to]): [string, Json][] => {
    const value = byKey.get(from);
    return value === undefined ? [] : [[to, value]];
  });
}
