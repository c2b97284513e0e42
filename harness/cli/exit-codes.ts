export { faultExitCode, gravestExitCode, interruptedExitCode, usageExitCode } from '../model/exit-codes.js';
