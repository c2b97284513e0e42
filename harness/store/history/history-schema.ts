/** Of the database; another one is rebuilt from the run directories. */
export const historyVersion = 2;

export const runColumns = [
  'run_id',
  'scenario',
  'variant',
  'purpose',
  'night',
  'started_at',
  'duration_ms',
  'git_commit',
  'tags',
  'machine',
  'verdict',
  'exit_code',
  'reason',
  'cycles',
] as const;

export const rowColumns = [
  'run_id',
  'metric',
  'unit',
  'verdict',
  'shape',
  'slope_estimate',
  'slope_low',
  'slope_high',
  'slope_unit',
  'confidence',
  'budget',
  'detection_floor',
  'level',
  'level_error',
] as const;

export const createTables = `
CREATE TABLE runs (
  run_id TEXT PRIMARY KEY,
  scenario TEXT NOT NULL,
  variant TEXT NOT NULL,
  purpose TEXT NOT NULL,
  night TEXT NOT NULL,
  started_at TEXT NOT NULL,
  duration_ms REAL NOT NULL,
  git_commit TEXT,
  tags TEXT,
  machine TEXT NOT NULL,
  verdict TEXT NOT NULL,
  exit_code INTEGER NOT NULL,
  reason TEXT NOT NULL,
  cycles INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX runs_by_scenario ON runs (scenario, variant, started_at);
CREATE TABLE metrics (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  metric TEXT NOT NULL,
  unit TEXT NOT NULL,
  verdict TEXT,
  shape TEXT,
  slope_estimate REAL,
  slope_low REAL,
  slope_high REAL,
  slope_unit TEXT,
  confidence REAL,
  budget REAL,
  detection_floor REAL,
  level REAL,
  level_error REAL,
  PRIMARY KEY (run_id, metric)
) WITHOUT ROWID;
PRAGMA user_version = ${historyVersion};
`;
