import { gzipSync } from 'node:zlib';
import { Line, Location, Profile, Function as ProfileFunction, Sample, StringTable, ValueType } from 'pprof-format';
import type { CodeLocation, RunRecord } from '../../harness/model/run-record.js';
import { keptStacks } from './kept-stacks.js';

const nanosecondsAMillisecond = 1_000_000n;

/** What a run left in memory, by call stack: a profile for pprof, speedscope and Pyroscope, compressed by gzip. */
export function pprofReport(record: RunRecord): Uint8Array {
  const stringTable = new StringTable();
  const functions = new Map<string, ProfileFunction>();
  const locations = new Map<string, Location>();
  const functionOf = ({ file, function: name = '' }: CodeLocation) => {
    const key = `${name} ${file}`;
    const known = functions.get(key);
    if (known !== undefined) return known;
    const nameIndex = stringTable.dedup(name === '' ? '(anonymous)' : name);
    const made = new ProfileFunction({
      id: functions.size + 1,
      name: nameIndex,
      systemName: nameIndex,
      filename: stringTable.dedup(file),
    });
    functions.set(key, made);
    return made;
  };
  const locationOf = (frame: CodeLocation) => {
    const key = `${frame.function} ${frame.file}:${frame.line}`;
    const known = locations.get(key);
    if (known !== undefined) return known;
    const line = new Line({ functionId: functionOf(frame).id, line: frame.line });
    const made = new Location({ id: locations.size + 1, line: [line] });
    locations.set(key, made);
    return made;
  };
  const bytesType = new ValueType({ type: stringTable.dedup('inuse_space'), unit: stringTable.dedup('bytes') });
  // The innermost call comes first.
  const samples = keptStacks(record).map(
    ({ frames, bytes }) =>
      new Sample({ locationId: [...frames].reverse().map((frame) => locationOf(frame).id), value: [bytes] }),
  );
  const startedMs = Date.parse(record.startedAt);
  const profile = new Profile({
    stringTable,
    sampleType: [bytesType],
    sample: samples,
    location: [...locations.values()],
    function: [...functions.values()],
    timeNanos: BigInt(startedMs) * nanosecondsAMillisecond,
    durationNanos: BigInt(Math.max(0, Date.parse(record.endedAt) - startedMs)) * nanosecondsAMillisecond,
    periodType: bytesType,
    period: 1,
  });
  return gzipSync(profile.encode());
}
