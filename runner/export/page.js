/* What the page can do beyond being read: filter, copy, choose its colours. */
(() => {
'use strict';
const form = document.getElementById('filter');
const shown = document.querySelector('.shown');
const all = (selector, of = document) => [...of.querySelectorAll(selector)];

/* Colours: as the system says until somebody chooses. */
const scheme = document.getElementById('scheme');
const dark = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (document.documentElement.style.colorScheme || (dark.matches ? 'dark' : 'light')) === 'dark';
const nameScheme = () => { scheme.textContent = isDark() ? 'Light' : 'Dark'; };
scheme.hidden = false;
scheme.addEventListener('click', () => {
	document.documentElement.style.colorScheme = isDark() ? 'light' : 'dark';
	nameScheme();
});
dark.addEventListener('change', nameScheme);
nameScheme();

/* The cells, read from the page when they are first filtered. */
let families;
const columns = all('#grid > .grid > .heads > span').slice(1);
function readRows(s) {
	return all('.cells tbody tr', s).map((row) => {
		/* There are so many passes that they have no class, and what was not run is empty or not there. */
		const cells = [...row.cells].slice(1);
		const looks = columns.map((_, i) => cells[i]?.className || (cells[i]?.textContent.trim() ? 'p' : 'n'));
		/* A cell that has an entry has its name there. */
		const link = row.querySelector('td:not(.s) a')?.hash.slice(1);

		return {
			element: row,
			looks,
			cells: all('li', row).map((element) => ({ element, looks, name: (element.id || link || '').toLowerCase() })),
		};
	});
}
function read() {
	return families ??= all('#grid .family').map((family) => ({
		element: family,
		scenarios: all('.scenario', family).map((s) => ({
			element: s,
			/* Sentence, rules and steps; what stands after them are the cells. */
			text: [...s.querySelector('.body').children].slice(0, -1)
				.map((e) => e.textContent).join(' ').toLowerCase(),
			rows: readRows(s),
		})),
	}));
}

const classOf = (input) => input.closest('label').className;
function wanted() {
	const data = new FormData(form);
	return {
		words: data.get('q').toLowerCase().split(/\s+/).filter(Boolean),
		looks: new Set(all('[name=verdict]:checked', form).map(classOf)),
		differs: data.has('differs'),
		run: Number(data.get('run') || 0),
	};
}

const hasWords = (w, ...texts) => w.words.every((word) => texts.some((text) => text.includes(word)));
function looksFit(w, all) {
	const looks = w.run ? [all[w.run - 1]] : all;
	const ran = all.filter((look) => look !== 'n');
	return (!w.looks.size || looks.some((look) => w.looks.has(look))) && (!w.differs || ran.some((look) => look !== ran[0]));
}
const fits = (cell, s, w) => hasWords(w, cell.name, s.text) && looksFit(w, cell.looks);

/* What the filter opened it closes again. */
function open(details, yes) {
	if (yes && !details.open) {
		details.open = true;
		details.dataset.opened = '';
	} else if (!yes && 'opened' in details.dataset) {
		details.open = false;
		delete details.dataset.opened;
	}
}

const FEW = 8;
function filter() {
	const w = wanted();
	const active = w.words.length || w.looks.size || w.differs || w.run;
	let cells = 0;
	const kept = [];
	const entries = new Map();

	for (const family of read()) {
		let any = false;

		for (const s of family.scenarios) {
			let n = 0;

			for (const row of s.rows) {
				let left = 0;

				for (const cell of row.cells) {
					const yes = fits(cell, s, w);
					cell.element.hidden = !yes;
					entries.set(cell.name, looksFit(w, cell.looks));
					left += yes;
				}
				row.element.hidden = !left;
				n += left;
			}
			s.element.hidden = !n;
			cells += n;
			any ||= n > 0;
			if (n)
				kept.push(s.element);
		}
		family.element.hidden = !any;
		open(family.element, Boolean(active));
	}
	for (const family of read())
		for (const s of family.scenarios)
			open(s.element, Boolean(active) && kept.length <= FEW && !s.element.hidden);
	for (const entry of all('#failures .entry, #known .entry'))
		entry.hidden = !hasWords(w, entry.textContent.toLowerCase()) || !entries.get(entry.id.toLowerCase());
	shown.hidden = !active;
	shown.textContent = `${cells} cells of ${kept.length} scenarios`;
}

/* The filter stands in the address, so that it can be sent to somebody. */
function keep() {
	const data = new URLSearchParams(new FormData(form));
	for (const [name, value] of [...data])
		if (!value)
			data.delete(name, value);
	const query = data.toString();
	try {
		history.replaceState(null, '', (query ? '?' + query : location.pathname) + location.hash);
	} catch {
		/* Where a file may not change its address the filter works all the same. */
	}
}
function restore() {
	const data = new URLSearchParams(location.search);
	for (const input of form.elements)
		if (input.type === 'checkbox')
			input.checked = data.getAll(input.name).includes(input.value);
		else if (input.name)
			input.value = data.get(input.name) ?? '';
	if ([...data].length)
		filter();
}
form.hidden = false;
form.addEventListener('input', () => { keep(); filter(); });
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(() => { keep(); filter(); }));

/* Whoever follows a link sees its end, also when the filter hides it. */
function reveal() {
	const target = document.getElementById(location.hash.slice(1));
	if (!target)
		return;
	if (target.closest('[hidden]') && target.closest('main')) {
		form.reset();
		keep();
		filter();
	}
	for (let e = target; e; e = e.parentElement)
		if (e.tagName === 'DETAILS')
			e.open = true;
	target.scrollIntoView();
}
addEventListener('hashchange', reveal);

/* A cell as plain text, to be pasted into a bug tracker or a mail: what its entry has, by elements. */
const words = (e) => e.textContent.replace(/\s+/g, ' ').trim();
const facts = (dl, names) => all('dt', dl).filter((dt) => !names || names.includes(words(dt)))
	.map((dt) => `${(words(dt) + ':').padEnd(12)} ${words(dt.nextElementSibling)}`);
const inText = {
	P: (e) => [e.querySelector('[href^="#scenario:"]') ? e.firstChild.textContent.trim() : words(e), ''],
	DL: (e) => facts(e),
	DIV: (e) => all('div', e).map((side) => `${(words(side.firstElementChild) + ':').padEnd(12)} ${words(side.lastElementChild)}`),
	H4: (e) => ['', `${words(e)}:`],
	BLOCKQUOTE: (e) => [...e.children].map((part) => `  ${words(part)}`),
	OL: (e) => all('li', e).map((step, i) => `  ${i + 1}. ${words(step)}`),
	UL: (e) => all('li', e).map((item) => `  ${words(item)}`),
	TABLE: (e) => all('tr', e).map((row) => `  ${[...row.cells].map(words).filter(Boolean).join(': ')}`),
	PRE: (e) => e.textContent.trimEnd().split('\n').map((line) => `  ${line}`),
};
const machine = ['Kernel', 'Runtime', 'Machine', 'Image', 'Config', 'nsconform'];
function report(entry) {
	const run = all('#runs .run')[entry.dataset.run];
	const body = entry.querySelector('.body');

	return [
		words(entry.querySelector('summary')), '',
		...[...body.children].filter((e) => !e.previousElementSibling?.matches('.copy')).flatMap((e) => inText[e.tagName]?.(e) ?? []), '',
		...facts(run, machine), '',
	].join('\n');
}

for (const button of all('.copy')) {
	const name = button.textContent;

	button.hidden = false;
	button.addEventListener('click', async () => {
		const text = report(button.closest('.entry'));
		let pre = button.nextElementSibling;
		try {
			await navigator.clipboard.writeText(text);
			button.textContent = 'Copied';
		} catch {
			if (!pre) {
				pre = document.createElement('pre');
				pre.tabIndex = 0;
				button.after(pre);
			}
			pre.textContent = text;
			getSelection().selectAllChildren(pre);
			button.textContent = 'Selected: copy it';
		}
		setTimeout(() => { button.textContent = name; }, 2000);
	});
}

/* j and k go from entry to entry where the focus is on one. */
document.addEventListener('keydown', (event) => {
	const entry = event.target.closest?.('.entry > summary')?.parentElement;
	const step = { j: 1, k: -1 }[event.key];
	if (!entry || !step || event.ctrlKey || event.metaKey || event.altKey)
		return;
	const entries = all('.entry').filter((e) => e.offsetParent !== null);
	entries[entries.indexOf(entry) + step]?.querySelector('summary').focus();
});

let closed = [];
addEventListener('beforeprint', () => {
	closed = all('#failures .entry:not([open])');
	for (const entry of closed)
		entry.open = true;
});
addEventListener('afterprint', () => {
	for (const entry of closed)
		entry.open = false;
});

restore();
if (location.hash)
	reveal();
})();
