/** The mark: a pulse. Decoration, so that screen readers hear the name beside it once. */
export function Logo(props: { size?: number }) {
  const size = props.size ?? 32;
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b7168" />
      <path
        d="M5 17h5l3-8 5 14 3.5-9 1.5 3h4"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
