/** Lines on a grid of 16 by 16. */
const paths = {
  overview: "M2.5 2.5h4.5v5H2.5zM9 2.5h4.5v3H9zM9 8h4.5v5.5H9zM2.5 10h4.5v3.5H2.5z",
  key: "M10.25 9.5a3.75 3.75 0 1 0-3.6-2.7L2.5 11v2.5H5v-1.5h1.5v-1.5H8l1-1.1M10.9 5.1h.01",
  usage: "M2.5 13.5h11M4 11V8M7 11V4M10 11V6.5M13 11V9",
  policy: "M8 1.75 13 3.5v4c0 3.25-2 5.5-5 6.75-3-1.25-5-3.5-5-6.75v-4zM5.75 8l1.75 1.75L10.5 6.5",
  price: "M2.5 2.5h5.25l5.75 5.75-5.25 5.25L2.5 7.75zM5.5 5.5h.01",
  workspace: "M2.5 4.5v8h11v-7H8L6.5 4h-4z",
  organization: "M3 13.5v-11h6v11M9 6.5h4v7M1.5 13.5h13M5 5h2M5 7.5h2M5 10h2",
  members:
    "M6 7.5a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5M1.75 13c.3-2.4 1.9-3.75 4.25-3.75S9.95 10.6 10.25 13" +
    "M10.5 3.3a2.1 2.1 0 0 1 0 4M11.5 9.5c1.6.4 2.6 1.6 2.75 3.5",
  token: "M2.5 5.5h11v5h-11zM5 8h.01M8 8h.01M11 8h.01",
  alert: "M8 2.25a3.75 3.75 0 0 0-3.75 3.75c0 3.5-1.5 4.5-1.5 5.25h10.5c0-.75-1.5-1.75-1.5-5.25A3.75 3.75 0 0 0 8 2.25M6.5 13.5h3",
  mail: "M2 3.5h12v9H2zM2 4.5l6 4.5 6-4.5",
  webhook: "M9.8 7.1 7.9 3.9a2.1 2.1 0 1 0-2.6 1.3M6.4 5.6 4.2 9.4M6.2 12h3.9a2.1 2.1 0 1 0 1.7-2.7M4.2 9.4a2.1 2.1 0 1 0 2 2.6M9.4 6.4l2.4 2.9",
  audit: "M4 2.5h8v11H4zM6 5.5h4M6 8h4M6 10.5h2.5",
  jobs: "M8 5v3l2 1.5M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12",
  docs: "M3 2.75h4.25c.5 0 .75.5.75 1v9.5c0-.5-.5-1-1-1H3zM13 2.75H8.75c-.5 0-.75.5-.75 1v9.5c0-.5.5-1 1-1h4z",
  graphql: "M8 1.75 13.5 5v6L8 14.25 2.5 11V5zM8 1.75 2.5 11h11z",
  outbox: "M2.5 9.5v4h11v-4M8 10.5v-8M5 5.25l3-3 3 3",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5l3.25 3.25L13 4.75",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.5 10.5l3.5 3.5",
  up: "M8 12.5v-9M4.5 7 8 3.5 11.5 7",
  down: "M8 3.5v9M4.5 9 8 12.5 11.5 9",
  left: "M10 3.5 5.5 8l4.5 4.5",
  right: "M6 3.5 10.5 8 6 12.5",
  chevron: "M4 6l4 4 4-4",
  warning: "M8 2.25 14.25 13.25H1.75zM8 6.5v3M8 11.4h.01",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 7.5v3.25M8 5.25h.01",
  edit: "M3 13v-2.5L10.5 3 13 5.5 5.5 13zM9 4.5 11.5 7",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9",
  refresh: "M13 8a5 5 0 1 1-1.5-3.55M13 2.5v2.5h-2.5",
  external: "M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9v4.5h-9v-9H7",
  download: "M8 2.5v8M4.75 7.5 8 10.75l3.25-3.25M2.5 13.5h11",
  sun:
    "M8 10.75a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25" +
    "M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  moon: "M13.25 9.5A5.75 5.75 0 0 1 6.5 2.75a5.75 5.75 0 1 0 6.75 6.75",
  system: "M2 3h12v8H2zM5.5 13.5h5M8 11v2.5",
  signOut: "M6.5 2.5h-4v11h4M10.5 4.5 14 8l-3.5 3.5M14 8H6",
} as const;

export type IconName = keyof typeof paths;

/** An icon of the size of the text; decoration, so what it stands for must be written beside it or be its button's label. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" aria-hidden="true" focusable="false">
      <path d={paths[name]} stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
