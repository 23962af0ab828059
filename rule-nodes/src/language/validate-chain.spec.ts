import { expect, it } from 'vitest';

import { idOf, sketchChain } from '../testing/chain-builder.js';
import { RuleChainDefinition } from './rule-chain.js';
import { validateChain } from './validate-chain.js';

const codes = (definition: RuleChainDefinition) =>
  validateChain(definition).map(({ code, nodeId, level }) => [code, nodeId, level]);
const FILTER = ['filter/script', { jsScript: 'return true;' }] as const;
const LOG = ['action/log', { jsScript: "return '';" }] as const;

it('finds nothing wrong with a sound chain', () => {
  expect(validateChain(sketchChain({ a: FILTER, b: LOG }, ['a -true-> b', 'a -Failure-> b']))).toEqual([]);
});

it('knows a definition that has passed the schema', () => {
  const definition = sketchChain({ a: FILTER, b: LOG }, ['a -True-> b']);
  expect(RuleChainDefinition.parse(definition)).toEqual(definition);
});

it('warns of an empty chain and of one that nothing can enter', () => {
  expect(codes(sketchChain({}, []))).toEqual([['no-nodes', null, 'warning']]);
  expect(codes({ ...sketchChain({ a: LOG }, []), firstNodeId: null })).toEqual([['no-first-node', null, 'warning']]);
});

it('refuses an input that leads nowhere', () => {
  expect(codes({ ...sketchChain({ a: LOG }, []), firstNodeId: idOf('gone') })).toEqual([
    ['first-node-missing', null, 'error'],
  ]);
});

it('refuses two nodes with one id', () => {
  const chain = sketchChain({ a: LOG }, []);
  expect(codes({ ...chain, nodes: [...chain.nodes, ...chain.nodes] })).toEqual([
    ['duplicate-node-id', idOf('a'), 'error'],
  ]);
});

it('refuses connections to nowhere, to the node itself and in circles, once each', () => {
  expect(codes(sketchChain({ a: LOG }, ['a -Success-> gone']))).toEqual([['dangling-connection', idOf('a'), 'error']]);
  expect(codes(sketchChain({ a: LOG }, ['a -Success-> a']))).toEqual([['self-connection', idOf('a'), 'error']]);
  const circle = sketchChain({ a: LOG, b: LOG, c: LOG }, ['a -Success-> b', 'b -Success-> c', 'c -Success-> b']);
  expect(codes(circle)).toEqual([['cycle', idOf('c'), 'error']]);
});

it('takes no circle for two ways to the same node', () => {
  const diamond = sketchChain({ a: FILTER, b: LOG, c: LOG, d: LOG }, [
    'a -True-> b',
    'a -False-> c',
    'b -Success-> d',
    'c -Success-> d',
  ]);
  expect(validateChain(diamond)).toEqual([]);
});

it('warns of a label that the node never emits at, and names the ones it has', () => {
  const [problem] = validateChain(sketchChain({ a: FILTER, b: LOG }, ['a -Success-> b']));
  expect(problem).toMatchObject({ code: 'unknown-output', level: 'warning', nodeId: idOf('a') });
  expect(problem?.message).toContain('True, False, Failure');
});

it('takes any label of a rule chain node and none of an output node', () => {
  const call = ['flow/rule-chain', { ruleChainId: idOf('sub') }] as const;
  expect(validateChain(sketchChain({ a: call, b: LOG }, ['a -whatever-> b']))).toEqual([]);
  expect(codes(sketchChain({ a: ['flow/output'], b: LOG }, ['a -Success-> b']))).toEqual([
    ['unknown-output', idOf('a'), 'warning'],
  ]);
});

it('says what is wrong with a configuration', () => {
  const [problem] = validateChain(sketchChain({ a: ['action/save-time-series', { defaultTTL: -1 }] }, []));
  expect(problem).toMatchObject({ code: 'invalid-config', level: 'error', nodeId: idOf('a') });
  expect(problem?.message).toContain('defaultTTL');
});

it('warns of nodes that this product does not know, by their own type', () => {
  const [problem] = validateChain(sketchChain({ a: ['unknown', {}, { foreign: { type: 'org.example.TbNode' } }] }, []));
  expect(problem).toMatchObject({ code: 'unknown-node-type', level: 'warning' });
  expect(problem?.message).toContain('org.example.TbNode');
});
