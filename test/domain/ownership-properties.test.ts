/**
 * A workspace always has an owner, however its transfers, each of three steps on three streams, interleave with each
 * other and with people who remove, leave, change permissions and come back, and wherever a transfer is cut off.
 */
import assert from 'node:assert/strict';
import fc, { type Arbitrary } from 'fast-check';
import t from 'tap';
import { INVITABLE_ROLES } from '../../src/domain/role.js';
import { advance, OwnershipWorld, type Work } from './support/ownership-world.js';
import { idOf, OWNER } from './support/people-and-time.js';

const OTHERS = [idOf('second'), idOf('third'), idOf('fourth')];
const PEOPLE = [OWNER.userId, ...OTHERS];

const who = fc.constantFrom(...PEOPLE);

const anyTask = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('transfer'), by: fc.constant('the owner'), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('transfer'), by: who, who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle'), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove'), by: who, who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave'), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('change'), by: who, who, role: fc.constantFrom(...INVITABLE_ROLES) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rejoin'), by: who, who }) },
);

type Task = typeof anyTask extends Arbitrary<infer Value> ? Value : never;

/**
 * Who of those at work goes on, and by how many reads and appends, before somebody else does. Whoever is left when it
 * ends never comes back.
 */
const anySchedule = fc.array(fc.record({ turn: fc.nat({ max: 7 }), steps: fc.integer({ min: 1, max: 8 }) }), {
  maxLength: 20,
  size: 'max',
});

type Schedule = typeof anySchedule extends Arbitrary<infer Value> ? Value : never;

function begin(task: Task, world: OwnershipWorld): Work {
  switch (task.do) {
    case 'transfer':
      return world.transfer(task.by === 'the owner' ? undefined : task.by, task.who);
    case 'settle':
      return world.settle(task.who);
    case 'remove':
      return world.remove(task.by, task.who);
    case 'leave':
      return world.leave(task.who);
    case 'change':
      return world.change(task.by, task.who, task.role);
    case 'rejoin':
      return world.rejoin(task.by, task.who);
  }
}

function assertOneOwner(world: OwnershipWorld): void {
  const owners = PEOPLE.filter((person) => world.roleOf(person) === 'owner');
  assert.deepEqual(owners, [world.workspace().ownerId]);
}

function play(world: OwnershipWorld, tasks: readonly Task[], schedule: Schedule): void {
  const atWork = tasks.map((task) => begin(task, world));
  for (const { turn, steps } of schedule) {
    const work = atWork[turn];
    for (let step = 0; work && step < steps && advance(work); step++) assertOneOwner(world);
    assertOneOwner(world);
  }
}

const anyTasks = fc.array(anyTask, { minLength: 1, maxLength: 8, size: 'max' });

t.test('there is an owner, and one only, after every step of anybody', async () => {
  fc.assert(
    fc.property(anyTasks, anySchedule, (tasks, schedule) => play(new OwnershipWorld(OTHERS), tasks, schedule)),
    { numRuns: 2000 },
  );
});

t.test('what is cut off can be settled: nobody else is left with a hold on the ownership', async () => {
  fc.assert(
    fc.property(anyTasks, anySchedule, (tasks, schedule) => {
      const world = new OwnershipWorld(OTHERS);
      play(world, tasks, schedule);
      // Twice, because carrying on one transfer can void the claim of somebody settled before.
      for (const person of [...PEOPLE, ...PEOPLE]) {
        const work = world.settle(person);
        while (advance(work)) assertOneOwner(world);
      }
      const holders = PEOPLE.filter((person) => world.membership(person).role === 'owner');
      assert.deepEqual(holders, [world.workspace().ownerId]);
    }),
    { numRuns: 1000 },
  );
});
