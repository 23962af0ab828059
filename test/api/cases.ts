import { ROLES, type Rule } from './matrix.js';
import type { Side } from './side.js';
import type { World } from './world.js';

/** One call of a route. */
export interface Case {
  readonly name: string;
  /** Whose people the caller belongs to. */
  readonly side: Side;
  /** Undefined: nobody is signed in. */
  readonly role: string | undefined;
  /** What the path names. */
  readonly thing?: () => Promise<string>;
  /** What must be answered. */
  readonly status: number;
  readonly isAllowed: boolean;
  /** It must leave something in the audit log. */
  readonly audited: boolean;
}

/** A rule's questions: may this role do it, and to what? */
class Question {
  readonly isLooking: boolean;

  constructor(
    readonly rule: Rule,
    route: string,
    readonly world: World,
  ) {
    this.isLooking = route.startsWith('GET ');
  }

  isOpenTo(letter: string): boolean {
    return this.rule.may === '*' || this.rule.may === '+' || this.rule.may.includes(letter);
  }

  /** @param answer for who may call it */
  status(letter: string, answer = this.rule.answer ?? 200): number {
    return this.isOpenTo(letter) ? answer : 403;
  }

  /** Something that stays as it is, of whoever has such things. */
  look(...sides: readonly Side[]): Pick<Case, 'thing'> {
    const { of } = this.rule;
    const side =
      of === undefined ? undefined : sides.find((one) => one.has(of) || one.has(`${of} of ${one.roles[0]!}`));
    return of === undefined || side === undefined ? {} : { thing: () => Promise.resolve(side.one(of)) };
  }
}

/** First everyone who is refused, so that nothing is used up that others still need. */
export function casesOf(rule: Rule, route: string, world: World): Case[] {
  const question = new Question(rule, route, world);
  return [...withForeignThings(question), ...fromOutside(question), ...insiders(question)];
}

const roles = ({ system, own }: World) =>
  Object.entries(ROLES).map(([letter, role]) => ({ letter, role, side: role === 'system' ? system : own }));

/** Of another scope nothing exists; and another's own things do not either. */
function withForeignThings(question: Question): Case[] {
  const { rule, world } = question;
  const { system, own, foreign } = world;
  if (rule.of === undefined) return [];
  const refused = { isAllowed: false, audited: false };
  const cases: Case[] = roles(world).map(({ letter, role, side }) => ({
    ...{ name: `${role}, foreign thing`, side, role, ...question.look(foreign, side.isSystem ? own : system) },
    ...{ status: question.status(letter, 404), ...refused },
  }));
  cases.push({
    ...{ name: 'foreign administrator, our thing', side: foreign, role: 'admin', ...question.look(own, system) },
    ...{ status: question.status('A', 404), ...refused },
  });
  const other = `another customer's ${rule.of}`;
  if (own.has(other))
    cases.push({
      ...{ name: `customer, ${other}`, side: own, role: 'customer', thing: () => Promise.resolve(own.one(other)) },
      ...{ status: question.status('C', 404), ...refused },
    });
  return cases.filter(({ thing, role }) => thing !== undefined && !(rule.of === 'tenant' && role === 'system'));
}

function fromOutside(question: Question): Case[] {
  const { rule, world, isLooking } = question;
  const common = { side: world.own, isAllowed: false, audited: false, ...question.look(world.own, world.system) };
  const answer = rule.answer ?? 200;
  const isPublic = rule.may === '*';
  // What is somebody's own is not the token owner's alone: another session, another token.
  const ofToken = isLooking ? question.status('A') : 403;
  return [
    { ...common, name: 'nobody', role: undefined, status: isPublic ? answer : 401 },
    { ...common, name: 'token that reads', role: 'token', status: isPublic ? answer : ofToken },
  ];
}

function insiders(question: Question): Case[] {
  const { rule, world, isLooking } = question;
  const cases = roles(world).map(({ letter, role, side }) => {
    const isAllowed = question.isOpenTo(letter);
    const { of } = rule;
    const answer = (side.isSystem ? rule.answerOfSystem : undefined) ?? rule.answer ?? 200;
    const own =
      of === undefined
        ? {}
        : { thing: () => (rule.usesUp ? side.make(of, role) : Promise.resolve(side.one(of, role))) };
    return {
      ...{ name: role, side, role, isAllowed, status: question.status(letter, answer) },
      ...(isAllowed ? own : question.look(side, world.own, world.system)),
      audited: isAllowed && answer < 300 && !isLooking && rule.unaudited === undefined,
    };
  });
  return cases.toSorted((a, b) => Number(a.isAllowed) - Number(b.isAllowed));
}
