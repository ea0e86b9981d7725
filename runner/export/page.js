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
function readRows(s) {
	let plain = '';

	return all('.cells tbody tr', s).map((row) => {
		const name = row.cells[0].textContent;

		/* A control or twin follows its plain cell. */
		if (!row.classList.contains('o'))
			plain = name;
		return {
			element: row,
			name: `${s.id.slice('scenario:'.length)}.${plain}.${name}`.toLowerCase(),
			/* There are so many passes that they have no class, and what was not run is empty. */
			looks: [...row.cells].slice(1).map((cell) => cell.className || (cell.textContent.trim() ? 'p' : 'n')),
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
function fits(row, s, w) {
	const looks = w.run ? [row.looks[w.run - 1]] : row.looks;
	const ran = row.looks.filter((look) => look !== 'n');
	return hasWords(w, row.name, s.text) && (!w.looks.size || looks.some((look) => w.looks.has(look))) &&
		(!w.differs || ran.some((look) => look !== ran[0]));
}

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

	for (const family of read()) {
		let any = false;

		for (const s of family.scenarios) {
			let n = 0;

			for (const row of s.rows) {
				const yes = fits(row, s, w);
				row.element.hidden = !yes;
				n += yes;
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
		entry.hidden = !hasWords(w, entry.textContent.toLowerCase()) ||
			(w.looks.size > 0 && !w.looks.has(entry.classList[1]));
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

for (const button of all('.copy')) {
	const report = button.nextElementSibling, name = button.textContent;

	button.hidden = false;
	button.addEventListener('click', async () => {
		const text = report.querySelector('pre');
		try {
			await navigator.clipboard.writeText(text.textContent);
			button.textContent = 'Copied';
		} catch {
			report.open = true;
			getSelection().selectAllChildren(text);
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
