/** What the page carries in `#data`; written by chart-data.ts and report.ts. */
type PackedNumbers =
  | { length: number; constant: number | null }
  | { length: number; offset: number; type: 'u8' | 'u16' | 'u32' | 'f32' | 'f64'; data: string };

interface ChartData {
  metric: string;
  unit: string;
  tone: string;
  floors: PackedNumbers;
  read: number;
  judgedPhases: string;
  steady: boolean;
  load?: { low: PackedNumbers; high?: PackedNumbers };
  fit?: { floors: number[]; line: number[]; low: number[]; high: number[] };
  warmup?: { cycles: number; elapsedMs: number };
}

interface CurveData {
  floors: { cycles: PackedNumbers; elapsedMs: PackedNumbers; phases: string; bucketed: boolean };
  load: { cycles: PackedNumbers; elapsedMs: PackedNumbers; bucketed: boolean };
  charts: ChartData[];
}

interface OverlaySide {
  cycles: PackedNumbers;
  values: PackedNumbers;
  slope?: { cycles: number[]; values: number[] };
}

/** One metric of two runs; written by overlay-data.ts. */
interface OverlayData {
  metric: string;
  unit: string;
  before: OverlaySide;
  after: OverlaySide;
}

interface PageData {
  overlays?: OverlayData[];
  curves?: CurveData;
  suspects: { series?: [number, number][]; perCycle: { estimate: number; unit: string } }[];
}

/** Curves on the page: drawn again in other colours, or taken away. */
interface StartedCurves {
  redraw(): void;
  end(): void;
}

type Axis = 'cycles' | 'time';
/** Load samples where they leave the floors room, whole, or not at all. */
type LoadView = 'clipped' | 'whole' | 'hidden';
type Cell = number | null;

/** Positions of all floors and load samples on one axis, merged in order. */
interface Positions {
  x: number[];
  /** Index of the floor at each position, or -1. */
  floor: number[];
  /** Index of the load bucket at each position, or -1. */
  load: number[];
  /** Position of each floor. */
  ofFloor: number[];
}

/** What the history page carries in `#data`; written by history-data.ts. */
interface HistoryRunData {
  at: string;
  commit: string;
  verdict: string;
  id: string;
}

interface TrendData {
  metric: string;
  quantity: 'slope' | 'level';
  unit: string;
  values: PackedNumbers;
  low?: PackedNumbers;
  high?: PackedNumbers;
  levels?: PackedNumbers;
  changes: { at: number; text: string }[];
}

interface HistorySeries {
  runs: HistoryRunData[];
  trends: TrendData[];
}

interface HistoryData {
  series: HistorySeries[];
}
