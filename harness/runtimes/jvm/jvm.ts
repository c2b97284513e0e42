import { basename } from 'node:path';
import { noInsideView } from '../../model/errors.js';
import type { ConnectContext, Launch, LaunchAdditions, ProcessFacts, Runtime } from '../../model/runtime.js';
import { AttachedJvm } from './attach.js';
import { JvmConnection } from './connection.js';
import { JvmEvidence } from './evidence.js';

const optionsVariable = 'JAVA_TOOL_OPTIONS';
/**
 * The flight recorder samples the allocations that do not fit a thread's buffer: without such buffers it samples nearly
 * all (87 % of each class on four threads), at a half to a third of the throughput. Its queue keeps the largest when it is
 * full, so frequent collections of a small young generation take out what is dead before that.
 */
const recordingOptions =
  '-XX:+IgnoreUnrecognizedVMOptions -XX:-UseTLAB -XX:NewSize=2m -XX:MaxNewSize=2m ' +
  '-XX:FlightRecorderOptions=old-object-queue-size=65536';

/** Java and every other language of the JVM: HotSpot 11 and newer. */
export const jvm: Runtime = {
  name: 'Java',
  memory: 'collected',
  detect: ({ mappedFiles }) => mappedFiles.some((path) => basename(path) === 'libjvm.so'),
  prepare,
  connect,
};

/** A JVM is often started by something else (Maven, a script), so the variable is set for every command. */
async function prepare({ purpose, environment }: Launch): Promise<LaunchAdditions | undefined> {
  if (purpose !== 'cause') return undefined;
  const present = environment[optionsVariable];
  return { environment: { [optionsVariable]: `${present === undefined ? '' : `${present} `}${recordingOptions}` } };
}

async function connect(facts: ProcessFacts, context: ConnectContext): Promise<JvmConnection> {
  const { directory, purpose, isStarted } = context;
  if (facts.mappedFiles.some((path) => basename(path).startsWith('libj9vm')))
    throw noInsideView(
      'expected the HotSpot JVM, got OpenJ9',
      'run the service on a HotSpot JVM (OpenJDK, Temurin, Corretto)',
    );
  const attached = await AttachedJvm.open(facts.pid);
  const { pid, workingDirectory } = facts;
  const evidence = new JvmEvidence(attached, directory, pid, workingDirectory, () => context.noteRecording(pid));
  if (purpose === 'cause' && isStarted) await evidence.startRecording();
  return new JvmConnection(attached, evidence);
}
