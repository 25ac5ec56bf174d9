// What search/names.json says: words with the same meaning, and the agencies with all their names.
//
// tableOf(base, name, otherwise) fetches a table of the site `base`; namesOf(table) gives the
// function that `open` of search.js takes.

const FORMS = 8; // the most forms of a word: each costs a look-up
const AGENCIES = 3; // the most that come before other hits

export async function tableOf(base, name, otherwise) {
  const answer = await fetch(new URL(`search/${name}.json`, base), { cache: "no-cache" });
  return answer.ok ? answer.json() : otherwise;
}

export const namesOf = ({ words, agencies }) => (fold, site) => {
  const groups = words.map((group) => group.map(fold));
  const bodies = agencies.map(([address, ...names]) => ({ address, title: names[0], names: names.map(fold) }));
  return {
    // Forms of a word, and the same with other spellings and synonyms; that as typed is the first.
    formsOf(forms) {
      const [own] = forms;
      let all = forms;
      for (const group of groups) {
        const [longest] = group.filter((word) => own.includes(word)).sort((a, b) => b.length - a.length);
        if (!longest) continue;
        const others = group.filter((word) => word !== longest);
        all = [...all, ...others.flatMap((word) => all.map((form) => form.replaceAll(longest, word)))];
      }
      return [...new Set(all)].slice(0, FORMS);
    },

    // Hits for agencies whose name was typed, whole or its end: 教育局 for 市政府教育局.
    agenciesOf(query) {
      const name = fold(query);
      if (!name) return [];
      const short = [...name].length < 2;
      const fits = (other) => (short ? other.includes(name) : other === name || other.endsWith(name));
      const same = bodies.filter(({ names }) => names.includes(name));
      const found = same.length ? same : bodies.filter(({ names }) => names.some(fits));
      found.sort((a, b) => a.title.length - b.title.length);
      return found.slice(0, short ? found.length : AGENCIES).map(({ address, title }) => (
        { url: new URL(address, site).href, title, agency: true, date: "", kind: "", category: "", agencies: [], numbers: [], excerpt: [] }
      ));
    },
  };
};
