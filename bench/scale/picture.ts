/** A line of a picture: points by time. */
export interface Line {
  name: string;
  /** Seconds and value. */
  points: readonly (readonly [number, number])[];
}

const [WIDTH, HEIGHT] = [760, 340];
const FRAME = { left: 80, right: 20, top: 20, bottom: 45 };
/** Okabe and Ito's, told apart by the colour-blind and in print; each line has its own dashes besides. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#444444'];
const DASHES = ['', '8 4', '2 3', '10 3 2 3', '4 4'];
/** Points of a line at most: more cannot be seen. */
const MOST_POINTS = 240;

/** Draws lines over time as an SVG of its own, readable on a light and on a dark page. */
export function drawPicture(title: string, yLabel: string, lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points);
  const xMax = niceCeiling(Math.max(...points.map(([x]) => x)));
  const yMax = niceCeiling(Math.max(1, ...points.map(([, y]) => y)));
  const x = (value: number): number => FRAME.left + (value / xMax) * (WIDTH - FRAME.left - FRAME.right);
  const y = (value: number): number => HEIGHT - FRAME.bottom - (value / yMax) * (HEIGHT - FRAME.top - FRAME.bottom);
  const inHours = xMax > 7200;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT + 22 * lines.length}" role="img" font-family="sans-serif" font-size="13">`,
    `<title>${escape(title)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...ticks.flatMap((tick) => [
      `<line x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${y(tick * yMax)}" y2="${y(tick * yMax)}" stroke="#dddddd"/>`,
      `<text x="${FRAME.left - 8}" y="${y(tick * yMax) + 4}" text-anchor="end" fill="#333333">${short(tick * yMax)}</text>`,
      `<text x="${x(tick * xMax)}" y="${HEIGHT - FRAME.bottom + 18}" text-anchor="middle" fill="#333333">${round(inHours ? (tick * xMax) / 3600 : tick * xMax)}</text>`,
    ]),
    `<text x="${FRAME.left}" y="13" fill="#333333">${escape(yLabel)}</text>`,
    `<text x="${WIDTH - FRAME.right}" y="${HEIGHT - 8}" text-anchor="end" fill="#333333">${inHours ? 'hours' : 'seconds'}</text>`,
    ...lines.flatMap((line, index) => drawLine(line, index, x, y)),
    '</svg>',
    '',
  ].join('\n');
}

function drawLine(line: Line, index: number, x: (value: number) => number, y: (value: number) => number): string[] {
  const style = `fill="none" stroke="${COLOURS[index % COLOURS.length]}" stroke-width="2" stroke-dasharray="${DASHES[index % DASHES.length]}"`;
  const every = Math.ceil(line.points.length / MOST_POINTS);
  const kept = line.points.filter((_, n) => n % every === 0 || n === line.points.length - 1);
  const legendY = HEIGHT + 22 * index + 6;
  return [
    `<polyline ${style} points="${kept.map(([a, b]) => `${round(x(a))},${round(y(b))}`).join(' ')}"/>`,
    `<line ${style} x1="${FRAME.left}" x2="${FRAME.left + 40}" y1="${legendY}" y2="${legendY}"/>`,
    `<text x="${FRAME.left + 50}" y="${legendY + 4}" fill="#333333">${escape(line.name)}</text>`,
  ];
}

/** 1, 2, 4, 5, 6 or 8 times a power of ten: quarters of it are short numbers. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 5, 6, 8, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

function short(value: number): string {
  if (value >= 1e6) return `${round(value / 1e6)} M`;
  return value >= 10_000 ? `${round(value / 1000)} k` : String(round(value));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
