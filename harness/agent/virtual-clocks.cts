/** The clocks that JavaScript can read, moved on by an offset that is 0 until the first jump. */

const millisecondsASecond = 1_000;
const nanosecondsAMillisecond = 1_000_000;
const nanosecondsASecond = 1_000_000_000;

export interface VirtualClocks {
  /** How far they are ahead of real time, ms. */
  readonly offsetMs: number;
  /** @param byMs whole milliseconds */
  moveOn(byMs: number): void;
}

/** Replaces what shows the time. Code that took such a function before keeps real time: install before the target loads. */
export function installVirtualClocks(): VirtualClocks {
  let offsetMs = 0;
  const read = () => offsetMs;
  moveDateNow(read);
  movePerformance(read);
  moveProcessTimes(read);
  let hasMoved = false;
  return {
    get offsetMs() {
      return offsetMs;
    },
    moveOn(byMs) {
      // Until then the target makes its dates as fast as ever.
      if (!hasMoved) moveDates();
      hasMoved = true;
      offsetMs += byMs;
    },
  };
}

type Offset = () => number;

/** As the function that it replaces: neither enumerable nor fixed where that one was not. */
function replace(holder: object, name: string, value: (...values: never[]) => unknown): void {
  const before = Object.getOwnPropertyDescriptor(holder, name)!;
  Object.defineProperty(holder, name, { ...before, value });
}

function moveDateNow(offset: Offset): void {
  const { now: realNow } = Date;
  replace(Date, 'now', function now() {
    return realNow() + offset();
  });
}

function movePerformance(offset: Offset): void {
  let holder: object = performance;
  while (!Object.hasOwn(holder, 'now')) holder = Object.getPrototypeOf(holder) as object;
  const realNow = performance.now;
  replace(holder, 'now', function now(this: typeof performance) {
    return realNow.call(this) + offset();
  });
}

function moveProcessTimes(offset: Offset): void {
  const { hrtime: realHrtime, uptime: realUptime } = process;
  const hrtime = Object.assign(
    function hrtime(before?: [number, number]): [number, number] {
      const [seconds, nanoseconds] = realHrtime(before);
      const movedMs = offset();
      const sum = nanoseconds + (movedMs % millisecondsASecond) * nanosecondsAMillisecond;
      const carried = Math.floor(sum / nanosecondsASecond);
      const whole = seconds + Math.floor(movedMs / millisecondsASecond) + carried;
      return [whole, sum - carried * nanosecondsASecond];
    },
    { bigint: () => realHrtime.bigint() + BigInt(offset() * nanosecondsAMillisecond) },
  );
  replace(process, 'hrtime', hrtime);
  replace(process, 'uptime', function uptime() {
    return realUptime() + offset() / millisecondsASecond;
  });
}

/** `new Date()` and `Date()` read the clock by themselves; every other date is made as before. */
function moveDates(): void {
  const RealDate = Date;
  function VirtualDate(...parts: never[]): unknown {
    if (new.target === undefined) return new RealDate(RealDate.now()).toString();
    const made = parts.length === 0 ? [RealDate.now()] : parts;
    return Reflect.construct(RealDate, made, new.target === (VirtualDate as unknown) ? RealDate : new.target);
  }
  const { prototype, ...members } = Object.getOwnPropertyDescriptors(RealDate);
  Object.defineProperties(VirtualDate, { ...members, prototype: { ...prototype, writable: false } });
  replace(RealDate.prototype, 'constructor', VirtualDate);
  replace(globalThis, 'Date', VirtualDate);
}
