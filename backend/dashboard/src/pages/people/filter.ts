/** Which people are listed. Pure. */
import type { User } from "../../api/people";

export interface PeopleFilter {
  search: string;
  role: string;
  status: string;
}

export function matchingPeople(people: readonly User[], filter: PeopleFilter): User[] {
  const words = filter.search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return people.filter((person) => {
    if (filter.role !== "" && person.role !== filter.role) return false;
    if (filter.status !== "" && person.status !== filter.status) return false;
    const text = `${person.name} ${person.email}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
