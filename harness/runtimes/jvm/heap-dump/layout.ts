import { hasLimitWord } from '../../../model/limit-words.js';
import { isPlatformClass } from '../java-names.js';
import type { DumpedClass, DumpedField } from './dump-records.js';

export interface LaidOutField extends DumpedField, Field {
  /** The collector does not follow it, or only for its own lists. */
  readonly isWeak: boolean;
  /** It is called a limit: a maximum, a capacity. */
  readonly isLimit: boolean;
}

/** How the objects of one class refer to others. */
export interface Layout {
  readonly name: string;
  /** Of an instance in the order of its bytes, inherited ones last; those that are no references have bytes only. */
  readonly fields: readonly LaidOutField[];
  /** Those of the fields that are references. */
  readonly references: readonly Field[];
  /** The largest value of each whole number in its objects, by field; of classes that are not the platform's. */
  readonly largest?: Map<string, number>;
}

export interface Field {
  readonly name: string;
  /** The class that declares it: that of the object, or one that it extends. */
  readonly declaredIn: string;
}

const referenceClass = 'java.lang.ref.Reference';
const softReferenceClass = 'java.lang.ref.SoftReference';

/** @param line the class of the instances, and those that it extends */
export function layoutOfInstances(line: readonly DumpedClass[]): Layout {
  const isSoft = line.some(({ name }) => name === softReferenceClass);
  const fields = line.flatMap(({ name, fields: own }) =>
    own.map((field) => ({
      ...field,
      declaredIn: name,
      isLimit: hasLimitWord(field.name),
      isWeak: name === referenceClass && !(isSoft && field.name === 'referent'),
    })),
  );
  const references = fields.filter(({ isReference }) => isReference);
  const name = line[0]?.name ?? '';
  return { name, fields, references, ...(!isPlatformClass(name) && { largest: new Map<string, number>() }) };
}
