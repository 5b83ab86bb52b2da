/** Instants in words, always in a person's own zone. Pure: the instant and the zone are arguments. */

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) {
    try {
      formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
    } catch {
      formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options })); // a zone this browser lacks
    }
  }
  return formats.get(key);
}

const FULL = {
  year: "numeric",
  month: "long",
  day: "numeric",
  weekday: "long",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};

function parts(at, zone) {
  const found = {};
  for (const { type, value } of format(zone, FULL).formatToParts(new Date(at))) found[type] = value;
  return found;
}

/** "09:00". */
export function hour(at, zone) {
  return format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}

/** The local date as a key that sorts: "2027-03-04". */
export function dayKey(at, zone) {
  const shown = format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(at));
  return shown.split("/").reverse().join("-");
}

/** "Today", "Yesterday", "Thursday 4 March", with the year when it is another one. */
export function dayName(at, zone, now) {
  const key = dayKey(at, zone);
  if (key === dayKey(now, zone)) return "Today";
  if (key === addDays(dayKey(now, zone), -1)) return "Yesterday";
  const { weekday, day, month, year } = parts(at, zone);
  return `${weekday} ${day} ${month}${year === parts(now, zone).year ? "" : ` ${year}`}`;
}

/** "Thu 4 March 09:00", with the year when it is another one. */
export function moment(at, zone, now) {
  const { weekday, day, month, year, hour: hours, minute } = parts(at, zone);
  const shownYear = year === parts(now, zone).year ? "" : ` ${year}`;
  return `${weekday.slice(0, 3)} ${day} ${month}${shownYear} ${hours}:${minute}`;
}

/** "Thu 4 Mar". */
export function shortDay(at, zone) {
  const { weekday, day, month } = parts(at, zone);
  return `${weekday.slice(0, 3)} ${day} ${month.slice(0, 3)}`;
}

/** "Thursday", "4", "March", "2027" and "09:00", for the clock itself. */
export function clockWords(at, zone) {
  const { weekday, day, month, year, hour: hours, minute } = parts(at, zone);
  return { weekday, day, month, year, time: `${hours}:${minute}` };
}

/** How much of the local day has passed, from 0 to 1. */
export function partOfDay(at, zone) {
  const { hour: hours, minute } = parts(at, zone);
  return (Number(hours) * 60 + Number(minute)) / 1440;
}

/** The Monday of the local week, as a key: "2027-03-01". */
export function weekKey(at, zone) {
  const key = dayKey(at, zone);
  const weekday = (new Date(`${key}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(key, -weekday);
}

/** "This week", "Next week", "Week of 15 March". */
export function weekName(key, zone, now) {
  const thisWeek = weekKey(now, zone);
  if (key === thisWeek) return "This week";
  if (key === addDays(thisWeek, 7)) return "Next week";
  const { day, month, year } = parts(`${key}T12:00:00Z`, "UTC");
  return `Week of ${day} ${month}${year === parts(now, zone).year ? "" : ` ${year}`}`;
}

/** "Africa/Cairo" said as a place: "Cairo". */
export function place(zone) {
  return zone.split("/").at(-1).replaceAll("_", " ");
}

function addDays(key, days) {
  return new Date(Date.parse(`${key}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
