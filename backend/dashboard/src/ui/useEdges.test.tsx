import { fireEvent, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { expect, it } from "vitest";
import { useEdges } from "./useEdges";

function Row(props: { wide: number; screen: number }) {
  const row = useRef<HTMLElement>(null);
  useEdges(row);
  return (
    <section
      aria-label="Row"
      ref={(element) => {
        // jsdom lays nothing out.
        if (element) {
          Object.defineProperty(element, "scrollWidth", { value: props.wide });
          Object.defineProperty(element, "clientWidth", { value: props.screen });
        }
        row.current = element;
      }}
    />
  );
}

const edges = (row: HTMLElement) => [
  row.hasAttribute("data-more-before"),
  row.hasAttribute("data-more-after"),
];

it("marks the edges behind which there is more", () => {
  render(<Row wide={600} screen={360} />);
  const row = screen.getByRole("region", { name: "Row" });
  expect(edges(row)).toEqual([false, true]);
  row.scrollLeft = 100;
  fireEvent.scroll(row);
  expect(edges(row)).toEqual([true, true]);
  row.scrollLeft = 240;
  fireEvent.scroll(row);
  expect(edges(row)).toEqual([true, false]);
});

it("what fits has no such edge", () => {
  render(<Row wide={360} screen={360} />);
  expect(edges(screen.getByRole("region", { name: "Row" }))).toEqual([false, false]);
});
